#include "waypost/delivery/retry_after.hpp"

#include <string>
#include <string_view>

#include <boost/test/unit_test.hpp>

#include "waypost/limits.hpp"

namespace {

using waypost::Instant;
using waypost::delivery::parse_retry_after;

constexpr Instant kNow{784'111'777'000};  // Sun, 06 Nov 1994 08:49:37 GMT

void expect(std::string_view value, std::int64_t ms) {
  const auto parsed = parse_retry_after(value, kNow);
  BOOST_TEST_REQUIRE(parsed.has_value(), value);
  BOOST_TEST(parsed->ms == ms, value << " gives " << parsed->ms);
}

void expect_nothing(std::string_view value) {
  BOOST_TEST(!parse_retry_after(value, kNow).has_value(), value);
}

}  // namespace

BOOST_AUTO_TEST_SUITE(retry_after)

BOOST_AUTO_TEST_CASE(seconds_are_read_and_clamped) {
  expect("0", 0);
  expect("7", 7'000);
  expect(" 7\t", 7'000);
  expect("3600", 3'600'000);
  expect("3601", waypost::limits::kRetryAfterMaxMs);
  expect(std::string(400, '9'), waypost::limits::kRetryAfterMaxMs);
}

BOOST_AUTO_TEST_CASE(dates_are_read_in_their_three_forms) {
  expect("Sun, 06 Nov 1994 08:50:07 GMT", 30'000);
  expect("Sunday, 06-Nov-94 08:50:07 GMT", 30'000);
  expect("Sun Nov  6 08:50:07 1994", 30'000);
  expect("Mon Nov 14 08:49:37 1994", waypost::limits::kRetryAfterMaxMs);
}

BOOST_AUTO_TEST_CASE(dates_that_have_passed_are_zero) {
  expect("Sun, 06 Nov 1994 08:49:36 GMT", 0);
  expect("Thu, 01 Jan 1970 00:00:00 GMT", 0);
  expect("Sun Nov  6 08:49:07 1994", 0);
}

BOOST_AUTO_TEST_CASE(leap_days_count) {
  constexpr Instant before{951'782'370'000};  // Mon, 28 Feb 2000 23:59:30 GMT
  const auto parsed = parse_retry_after("Tue, 29 Feb 2000 00:00:00 GMT", before);
  BOOST_TEST_REQUIRE(parsed.has_value());
  BOOST_TEST(parsed->ms == 30'000);
}

BOOST_AUTO_TEST_CASE(years_of_two_digits_are_near) {
  constexpr Instant in_2026{1'795'420'800'000};  // Mon, 23 Nov 2026 08:00:00 GMT
  const auto soon = parse_retry_after("Monday, 23-Nov-26 08:00:10 GMT", in_2026);
  BOOST_TEST_REQUIRE(soon.has_value());
  BOOST_TEST(soon->ms == 10'000);
  const auto past = parse_retry_after("Sunday, 06-Nov-94 08:49:37 GMT", in_2026);
  BOOST_TEST_REQUIRE(past.has_value());
  BOOST_TEST(past->ms == 0);
}

BOOST_AUTO_TEST_CASE(rubbish_is_nothing) {
  for (const std::string_view value : {"",
                                       "  ",
                                       "-5",
                                       "+5",
                                       "1e12",
                                       "7.5",
                                       "7 seconds",
                                       "soon",
                                       "Sun",
                                       "Sun,",
                                       ",",
                                       "Sun, 06 Nov 1994",
                                       "Sun, 06 Nov 1994 08:49:37",
                                       "Sun, 06 Nov 1994 08:49:37 GMT, 7",
                                       "Sun, 06 Nop 1994 08:49:37 GMT",
                                       "Sun, 00 Nov 1994 08:49:37 GMT",
                                       "Sun, 06 Nov 1994 24:49:37 GMT",
                                       "Sun, 06 Nov 1994 08:60:37 GMT",
                                       "Son, 06 Nov 1994 08:49:37 GMT",
                                       "Sun, 06-Nov-94 08:49:37 GMT",
                                       "We[ Nov 18 11:30:00 2026",
                                       "Sun Nov  6 08:49:37",
                                       "Sunday, 06-Nov-94",
                                       "Sun Nov"}) {
    expect_nothing(value);
  }
}

BOOST_AUTO_TEST_SUITE_END()
