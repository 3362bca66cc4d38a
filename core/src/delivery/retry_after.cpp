#include "waypost/delivery/retry_after.hpp"

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <span>

#include "waypost/limits.hpp"

namespace waypost::delivery {
namespace {

constexpr std::int64_t kSecondMs = 1'000;
constexpr std::int64_t kDayS = 86'400;

// Dates are not checked for it, but a text without one is no date.
constexpr std::array<std::string_view, 7> kDayNames = {"Sun", "Mon", "Tue", "Wed",
                                                       "Thu", "Fri", "Sat"};
constexpr std::array<std::string_view, 7> kLongDayNames = {
    "Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"};
constexpr std::array<std::string_view, 12> kMonths = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                                      "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};

struct Date {
  std::int64_t year = 0;
  std::int64_t month = 0;  // 1 to 12
  std::int64_t day = 0;
  std::int64_t hour = 0;
  std::int64_t minute = 0;
  std::int64_t second = 0;
};

// Reads a text piece by piece; once something is not as expected, nothing more is.
class Scanner {
 public:
  explicit Scanner(std::string_view text) : rest_(text) {}

  bool at_end() const { return good_ && rest_.empty(); }

  std::int64_t number(std::size_t digits) {
    std::int64_t value = 0;
    if (rest_.size() < digits) good_ = false;
    for (std::size_t i = 0; good_ && i < digits; ++i) {
      if (rest_[i] < '0' || rest_[i] > '9') good_ = false;
      value = value * 10 + (rest_[i] - '0');
    }
    if (good_) rest_.remove_prefix(digits);
    return good_ ? value : 0;
  }

  void word(std::string_view expected) {
    good_ = good_ && rest_.starts_with(expected);
    if (good_) rest_.remove_prefix(expected.size());
  }

  // Which of them comes, from 0.
  std::int64_t one_of(std::span<const std::string_view> names) {
    const auto found = std::find_if(names.begin(), names.end(), [this](std::string_view name) {
      return rest_.starts_with(name);
    });
    good_ = good_ && found != names.end();
    if (!good_) return 0;
    rest_.remove_prefix(found->size());
    return found - names.begin();
  }

  std::int64_t month() { return 1 + one_of(kMonths); }

  void time(Date& date) {
    date.hour = number(2);
    word(":");
    date.minute = number(2);
    word(":");
    date.second = number(2);
  }

 private:
  std::string_view rest_;
  bool good_ = true;
};

// Days from 1970-01-01 in the proleptic Gregorian calendar. Years are counted from March, so that
// the leap day is the last of its year.
std::int64_t days_from_epoch(const Date& date) {
  const std::int64_t year = date.month <= 2 ? date.year - 1 : date.year;
  const std::int64_t month_from_march = (date.month + 9) % 12;
  const std::int64_t day_of_year = (153 * month_from_march + 2) / 5 + date.day - 1;
  constexpr std::int64_t kDaysToEpoch = 719'468;
  return 365 * year + year / 4 - year / 100 + year / 400 + day_of_year - kDaysToEpoch;
}

std::optional<Instant> instant_of(const Date& date) {
  const bool possible =
      date.day >= 1 && date.day <= 31 && date.hour <= 23 && date.minute <= 59 && date.second <= 60;
  if (!possible) return std::nullopt;
  const std::int64_t second_of_day = (date.hour * 60 + date.minute) * 60 + date.second;
  return Instant{(days_from_epoch(date) * kDayS + second_of_day) * kSecondMs};
}

// "Sun, 06 Nov 1994 08:49:37 GMT"
std::optional<Instant> read_imf_fixdate(std::string_view text) {
  Date date;
  Scanner scanner(text);
  scanner.one_of(kDayNames);
  scanner.word(", ");
  date.day = scanner.number(2);
  scanner.word(" ");
  date.month = scanner.month();
  scanner.word(" ");
  date.year = scanner.number(4);
  scanner.word(" ");
  scanner.time(date);
  scanner.word(" GMT");
  return scanner.at_end() ? instant_of(date) : std::nullopt;
}

// "Sunday, 06-Nov-94 08:49:37 GMT". A year that seems more than 50 years ahead is one of the past.
std::optional<Instant> read_rfc_850(std::string_view text, Instant now) {
  Date date;
  Scanner scanner(text);
  scanner.one_of(kLongDayNames);
  scanner.word(", ");
  date.day = scanner.number(2);
  scanner.word("-");
  date.month = scanner.month();
  scanner.word("-");
  const std::int64_t this_year = 1970 + now.ms / kSecondMs * 400 / (kDayS * 146'097);
  date.year = this_year - this_year % 100 + scanner.number(2);
  if (date.year > this_year + 50) date.year -= 100;
  scanner.word(" ");
  scanner.time(date);
  scanner.word(" GMT");
  return scanner.at_end() ? instant_of(date) : std::nullopt;
}

// "Sun Nov  6 08:49:37 1994"
std::optional<Instant> read_asctime(std::string_view text) {
  Date date;
  Scanner scanner(text);
  scanner.one_of(kDayNames);
  scanner.word(" ");
  date.month = scanner.month();
  const bool one_digit = text.size() > 8 && text[8] == ' ';
  scanner.word(one_digit ? "  " : " ");
  date.day = scanner.number(one_digit ? 1 : 2);
  scanner.word(" ");
  scanner.time(date);
  scanner.word(" ");
  date.year = scanner.number(4);
  return scanner.at_end() ? instant_of(date) : std::nullopt;
}

std::optional<Duration> read_seconds(std::string_view text) {
  std::int64_t seconds = 0;
  constexpr std::int64_t kSecondsMax = limits::kRetryAfterMaxMs / kSecondMs;
  for (const char digit : text) {
    if (digit < '0' || digit > '9') return std::nullopt;
    seconds = std::min(seconds * 10 + (digit - '0'), kSecondsMax);
  }
  return Duration{seconds * kSecondMs};
}

std::string_view trimmed(std::string_view text) {
  const auto begin = text.find_first_not_of(" \t");
  if (begin == std::string_view::npos) return {};
  return text.substr(begin, text.find_last_not_of(" \t") + 1 - begin);
}

}  // namespace

std::optional<Duration> parse_retry_after(std::string_view value, Instant now) {
  const std::string_view text = trimmed(value);
  if (text.empty()) return std::nullopt;
  if (const auto seconds = read_seconds(text)) return seconds;
  auto until = read_imf_fixdate(text);
  if (!until) until = read_rfc_850(text, now);
  if (!until) until = read_asctime(text);
  if (!until) return std::nullopt;
  return Duration{std::clamp<std::int64_t>((*until - now).ms, 0, limits::kRetryAfterMaxMs)};
}

}  // namespace waypost::delivery
