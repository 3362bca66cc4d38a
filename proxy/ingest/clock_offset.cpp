#include "proxy/ingest/clock_offset.hpp"

#include <algorithm>
#include <array>
#include <chrono>
#include <cstdint>
#include <cstdio>
#include <cstdlib>

#include "waypost/limits.hpp"

namespace waypost::relay {
namespace {

// Reads digits and signs from the front of a text; remembers when one was missing.
class Cursor {
 public:
  explicit Cursor(std::string_view text) : rest_(text) {}

  bool failed() const { return failed_; }

  bool at_end() const { return rest_.empty(); }

  bool at_digit() const { return !rest_.empty() && rest_[0] >= '0' && rest_[0] <= '9'; }

  int digits(std::size_t count) {
    int value = 0;
    for (std::size_t i = 0; i < count; ++i) {
      if (!at_digit()) {
        failed_ = true;
        return 0;
      }
      value = value * 10 + (rest_[0] - '0');
      rest_.remove_prefix(1);
    }
    return value;
  }

  bool take(std::string_view any_of) {
    if (rest_.empty() || any_of.find(rest_[0]) == std::string_view::npos) return false;
    last_ = rest_[0];
    rest_.remove_prefix(1);
    return true;
  }

  void expect(std::string_view any_of) {
    if (!take(any_of)) failed_ = true;
  }

  char last() const { return last_; }

 private:
  std::string_view rest_;
  char last_ = 0;
  bool failed_ = false;
};

int milliseconds(Cursor& cursor) {
  if (!cursor.take(".,")) return 0;
  int value = 0;
  int weight = 100;
  if (!cursor.at_digit()) cursor.digits(1);
  while (cursor.at_digit()) {
    value += cursor.digits(1) * weight;
    weight /= 10;
  }
  return value;
}

// What must be subtracted from local time.
std::chrono::minutes zone(Cursor& cursor) {
  if (cursor.take("Zz")) return std::chrono::minutes(0);
  cursor.expect("+-");
  const int sign = cursor.last() == '-' ? -1 : 1;
  const int hours = cursor.digits(2);
  cursor.take(":");
  const int minutes = cursor.at_end() ? 0 : cursor.digits(2);
  return std::chrono::minutes(sign * (hours * 60 + minutes));
}

}  // namespace

std::optional<Instant> parse_timestamp(std::string_view text) {
  Cursor cursor(text);
  const int year = cursor.digits(4);
  cursor.expect("-");
  const int month = cursor.digits(2);
  cursor.expect("-");
  const int day = cursor.digits(2);
  cursor.expect("Tt ");
  const int hour = cursor.digits(2);
  cursor.expect(":");
  const int minute = cursor.digits(2);
  const int second = cursor.take(":") ? cursor.digits(2) : 0;
  const int fraction_ms = milliseconds(cursor);
  const std::chrono::minutes east = zone(cursor);
  const std::chrono::year_month_day date{std::chrono::year(year),
                                         std::chrono::month(static_cast<unsigned>(month)),
                                         std::chrono::day(static_cast<unsigned>(day))};
  if (cursor.failed() || !cursor.at_end() || !date.ok() || hour > 24 || minute > 59 ||
      second > 60) {
    return std::nullopt;
  }
  const auto local = std::chrono::sys_days(date) + std::chrono::hours(hour) +
                     std::chrono::minutes(minute) + std::chrono::seconds(second) +
                     std::chrono::milliseconds(fraction_ms);
  return Instant{std::chrono::milliseconds((local - east).time_since_epoch()).count()};
}

std::string timestamp_text(Instant at) {
  const std::chrono::sys_time<std::chrono::milliseconds> time{std::chrono::milliseconds(at.ms)};
  const auto day = std::chrono::floor<std::chrono::days>(time);
  const std::chrono::year_month_day date{day};
  const std::chrono::hh_mm_ss clock{time - day};
  std::array<char, 40> text{};
  const int length = std::snprintf(
      text.data(), text.size(), "%04d-%02u-%02uT%02d:%02d:%02d.%03dZ",
      static_cast<int>(date.year()), static_cast<unsigned>(date.month()),
      static_cast<unsigned>(date.day()), static_cast<int>(clock.hours().count()),
      static_cast<int>(clock.minutes().count()), static_cast<int>(clock.seconds().count()),
      static_cast<int>(clock.subseconds().count()));
  return {text.data(), static_cast<std::size_t>(length)};
}

std::optional<std::string> corrected_timestamp(std::string_view timestamp, Duration offset,
                                               Instant received) {
  if (std::abs(offset.ms) <= limits::kClockOffsetIgnoredMs) return std::nullopt;
  const auto captured = parse_timestamp(timestamp);
  if (!captured) return std::nullopt;
  return timestamp_text(std::min(*captured + offset, received));
}

}  // namespace waypost::relay
