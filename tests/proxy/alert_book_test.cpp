#include "proxy/alerts/alert_book.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include <boost/test/unit_test.hpp>

namespace {

using namespace waypost;
using namespace waypost::relay;

constexpr Duration kMinute{60'000};
constexpr Duration kOutageAfter{15 * kMinute.ms};
constexpr Instant kStart{1'700'000'000'000};

const AlertKey kBlocked{"school", "https://lrs.example/", AlertKind::Blocked};
const AlertKey kOutage{"school", "https://lrs.example/", AlertKind::Outage};
const AlertKey kOther{"school", "https://other.example/", AlertKind::Blocked};
const AlertKey kLetters{"school", "https://lrs.example/", AlertKind::DeadLetters};

// A book whose clock is turned by hand, and that is asked whenever it wants to be.
struct Reader {
  AlertBook book{kOutageAfter};
  Instant now = kStart;

  void began(const AlertKey& key, const AlertDetails& details = {}) {
    book.began(key, details, now);
  }

  void ended(const AlertKey& key) { book.ended(key, {}, now); }

  // All that is told until so much time has passed, as "began blocked".
  std::vector<std::string> told_within(Duration duration) {
    std::vector<std::string> told;
    const Instant end = now + duration;
    while (true) {
      for (const AlertNotice& notice : book.due(now)) {
        told.push_back(std::string(word(notice.phase)) + ' ' + std::string(word(notice.key.kind)));
      }
      const auto wakeup = book.next_wakeup();
      BOOST_REQUIRE(!wakeup || *wakeup > now);
      if (!wakeup || *wakeup > end) break;
      now = *wakeup;
    }
    now = end;
    return told;
  }
};

using Told = std::vector<std::string>;

}  // namespace

BOOST_AUTO_TEST_SUITE(alert_book)

BOOST_AUTO_TEST_CASE(a_block_is_told_once_at_once_and_its_end_once) {
  Reader reader;
  reader.began(kBlocked);
  BOOST_TEST(reader.told_within({0}) == Told{"began blocked"});
  reader.began(kBlocked);
  BOOST_TEST(reader.told_within({3'600'000}) == Told{});
  reader.ended(kBlocked);
  BOOST_TEST(reader.told_within({0}) == Told{"ended blocked"});
  reader.ended(kBlocked);
  BOOST_TEST(reader.told_within({100 * 24 * 3'600'000LL}) == Told{});
  BOOST_TEST(!reader.book.next_wakeup().has_value());
}

BOOST_AUTO_TEST_CASE(an_outage_is_told_after_a_while_and_a_short_one_never) {
  Reader reader;
  reader.began(kOutage);
  BOOST_TEST(reader.told_within({kOutageAfter.ms - 1}) == Told{});
  reader.ended(kOutage);
  BOOST_TEST(reader.told_within({3'600'000}) == Told{});
  reader.began(kOutage);
  const Instant began = reader.now;
  BOOST_TEST(reader.told_within({kOutageAfter.ms - 1}) == Told{});
  reader.began(kOutage);  // does not begin anew
  reader.now = began + kOutageAfter;
  const auto due = reader.book.due(reader.now);
  BOOST_REQUIRE_EQUAL(due.size(), 1U);
  BOOST_TEST(due[0].since.ms == began.ms);
  reader.ended(kOutage);
  BOOST_TEST(reader.told_within({0}) == Told{"ended outage"});
}

BOOST_AUTO_TEST_CASE(what_lasts_very_long_is_told_again_after_a_day_then_every_three_days) {
  Reader reader;
  reader.began(kBlocked);
  BOOST_TEST(reader.told_within({0}) == Told{"began blocked"});
  const std::int64_t day_ms = 24 * 3'600'000LL;
  BOOST_TEST(reader.told_within({day_ms - 1}) == Told{});
  BOOST_TEST(reader.told_within({1}) == Told{"lasts blocked"});
  BOOST_TEST(reader.told_within({3 * day_ms - 1}) == Told{});
  BOOST_TEST(reader.told_within({1}) == Told{"lasts blocked"});
  BOOST_TEST(reader.told_within({6 * day_ms}) == (Told{"lasts blocked", "lasts blocked"}));
}

BOOST_AUTO_TEST_CASE(destinations_and_kinds_are_told_apart) {
  Reader reader;
  reader.began(kBlocked);
  reader.began(kOther);
  reader.began(kOutage);
  BOOST_TEST(reader.told_within({0}) == (Told{"began blocked", "began blocked"}));
  reader.ended(kOther);
  BOOST_TEST(reader.told_within(kOutageAfter) == (Told{"ended blocked", "began outage"}));
  const auto standing = reader.book.standing();
  BOOST_REQUIRE_EQUAL(standing.size(), 2U);
  BOOST_TEST((standing[0].key == kBlocked));
  BOOST_TEST((standing[1].key == kOutage));
}

BOOST_AUTO_TEST_CASE(what_flickers_is_told_only_when_it_stays) {
  Reader reader;
  reader.began(kBlocked);
  reader.told_within({0});
  reader.ended(kBlocked);
  reader.told_within({0});
  Told told;
  for (int i = 0; i < 5; ++i) {
    reader.began(kBlocked);
    for (const auto& one : reader.told_within(kMinute)) told.push_back(one);
    reader.ended(kBlocked);
    for (const auto& one : reader.told_within(kMinute)) told.push_back(one);
  }
  BOOST_TEST(told == Told{});
  reader.began(kBlocked);
  BOOST_TEST(reader.told_within(AlertBook::kFlickerMax) == Told{"began blocked"});
}

BOOST_AUTO_TEST_CASE(dead_letters_are_told_at_once_then_gathered) {
  Reader reader;
  reader.book.buried(kLetters, "refused", 1, reader.now);
  auto due = reader.book.due(reader.now);
  BOOST_REQUIRE_EQUAL(due.size(), 1U);
  BOOST_TEST((due[0].phase == AlertPhase::Digest));
  BOOST_TEST(due[0].reasons.at("refused") == 1U);
  for (int i = 0; i < 1000; ++i) {
    reader.now = reader.now + Duration{1000};
    reader.book.buried(kLetters, i % 10 == 0 ? "too-large" : "refused", 2, reader.now);
    BOOST_TEST(reader.book.due(reader.now).empty());
  }
  reader.now = kStart + AlertBook::kDigestInterval;
  due = reader.book.due(reader.now);
  BOOST_REQUIRE_EQUAL(due.size(), 1U);
  BOOST_TEST(due[0].reasons.at("refused") == 1800U);
  BOOST_TEST(due[0].reasons.at("too-large") == 200U);
  BOOST_TEST(due[0].since.ms == kStart.ms + 1000);
  BOOST_TEST(reader.told_within({10 * 3'600'000}) == Told{});
  BOOST_TEST(!reader.book.next_wakeup().has_value());
  reader.book.buried(kLetters, "refused", 1, reader.now);
  BOOST_TEST(reader.told_within({0}) == Told{"digest dead-letters"});
}

BOOST_AUTO_TEST_CASE(a_clock_that_is_set_back_makes_nothing_wait_longer) {
  Reader reader;
  reader.began(kOutage);
  BOOST_TEST(reader.told_within(kMinute) == Told{});
  BOOST_TEST(reader.book.due(reader.now).empty());
  reader.now = reader.now + Duration{-365 * 24 * 3'600'000LL};
  BOOST_TEST(reader.told_within({kOutageAfter.ms - kMinute.ms}) == Told{"began outage"});
}

BOOST_AUTO_TEST_CASE(the_newest_details_are_told) {
  Reader reader;
  reader.began(kOutage, {.status = 503});
  reader.now = reader.now + kOutageAfter;
  reader.began(kOutage, {.status = 0, .failure = delivery::Failure::Timeout, .waiting = 7});
  const auto due = reader.book.due(reader.now);
  BOOST_REQUIRE_EQUAL(due.size(), 1U);
  BOOST_TEST(due[0].details.status == 0);
  BOOST_TEST(due[0].details.waiting.value_or(0) == 7);
  reader.book.ended(kOutage, {.waiting = 3}, reader.now);
  BOOST_TEST(reader.book.due(reader.now).at(0).details.waiting.value_or(0) == 3);
}

BOOST_AUTO_TEST_SUITE_END()
