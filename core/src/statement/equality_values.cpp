#include "statement/equality_values.hpp"

#include <algorithm>

namespace waypost::statement {
namespace {

char lower(char c) {
  return c >= 'A' && c <= 'Z' ? static_cast<char>(c | 0x20) : c;
}

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

// Takes pieces of a timestamp from its front; once a piece is missing nothing matches any more.
class Pieces {
 public:
  explicit Pieces(std::string_view text) : rest_(text) {}

  bool matched() const { return !failed_ && rest_.empty(); }

  bool next_is(char c) const { return !failed_ && !rest_.empty() && lower(rest_.front()) == c; }

  void skip(char c) {
    if (next_is(c)) {
      rest_.remove_prefix(1);
    } else {
      failed_ = true;
    }
  }

  std::int64_t number(std::size_t digits) {
    const auto piece = rest_.substr(0, digits);
    if (piece.size() < digits || !std::all_of(piece.begin(), piece.end(), is_digit)) {
      failed_ = true;
      return 0;
    }
    rest_.remove_prefix(digits);
    std::int64_t value = 0;
    for (const char c : piece) value = value * 10 + (c - '0');
    return value;
  }

  // The digits behind a decimal point as milliseconds.
  std::int64_t fraction_ms() {
    std::int64_t ms = 0;
    std::int64_t place = 100;
    if (rest_.empty() || !is_digit(rest_.front())) failed_ = true;
    for (; !rest_.empty() && is_digit(rest_.front()); rest_.remove_prefix(1)) {
      ms += (rest_.front() - '0') * place;
      place /= 10;
    }
    return ms;
  }

 private:
  std::string_view rest_;
  bool failed_ = false;
};

// Days since 1970-01-01 of a proleptic Gregorian date, year >= 0; years are counted from March.
std::int64_t days_since_1970(std::int64_t year, std::int64_t month, std::int64_t day) {
  if (month <= 2) --year;
  const std::int64_t month_from_march = (month + 9) % 12;
  const std::int64_t of_year = (153 * month_from_march + 2) / 5 + day - 1;
  const std::int64_t leap_days = (year + 400) / 4 - (year + 400) / 100 + (year + 400) / 400 - 97;
  return 365 * year + leap_days + of_year - 719'468;
}

std::int64_t offset_minutes(Pieces& pieces) {
  if (pieces.next_is('z')) {
    pieces.skip('z');
    return 0;
  }
  const bool west = pieces.next_is('-');
  pieces.skip(west ? '-' : '+');
  std::int64_t minutes = pieces.number(2) * 60;
  if (!pieces.matched()) {
    if (pieces.next_is(':')) pieces.skip(':');
    minutes += pieces.number(2);
  }
  return west ? -minutes : minutes;
}

}  // namespace

std::string comparable_mailto(std::string_view iri) {
  std::string comparable(iri);
  const auto at = comparable.rfind('@');
  if (at == std::string::npos) return comparable;
  const auto domain = comparable.begin() + static_cast<std::ptrdiff_t>(at);
  std::transform(domain, comparable.end(), domain, lower);
  return comparable;
}

std::string comparable_duration(std::string_view duration) {
  std::string comparable(duration);
  const auto point = comparable.find_first_of(".,");
  if (point == std::string::npos) return comparable;
  const auto unit = comparable.find_first_not_of("0123456789", point + 1);
  if (unit == std::string::npos || comparable[unit] != 'S') return comparable;
  if (unit > point + 3) comparable.erase(point + 3, unit - point - 3);
  return comparable;
}

std::optional<std::int64_t> instant_of(std::string_view timestamp) {
  Pieces pieces(timestamp);
  const std::int64_t year = pieces.number(4);
  pieces.skip('-');
  const std::int64_t month = pieces.number(2);
  pieces.skip('-');
  const std::int64_t day = pieces.number(2);
  pieces.skip(pieces.next_is(' ') ? ' ' : 't');
  const std::int64_t hours = pieces.number(2);
  pieces.skip(':');
  const std::int64_t minutes = pieces.number(2);
  std::int64_t ms = 0;
  if (pieces.next_is(':')) {
    pieces.skip(':');
    ms = pieces.number(2) * 1000;
    if (pieces.next_is('.') || pieces.next_is(',')) {
      pieces.skip(pieces.next_is('.') ? '.' : ',');
      ms += pieces.fraction_ms();
    }
  }
  const std::int64_t offset = offset_minutes(pieces);
  if (!pieces.matched() || month < 1 || month > 12) return std::nullopt;
  const std::int64_t days = days_since_1970(year, month, day);
  return ((days * 24 + hours) * 60 + minutes - offset) * 60'000 + ms;
}

}  // namespace waypost::statement
