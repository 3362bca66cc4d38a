#include <array>

#include "statement/formats/characters.hpp"
#include "statement/formats/formats.hpp"

namespace waypost::statement {
namespace {

struct Cursor {
  std::string_view rest;

  bool take(char c) {
    if (!at(c)) return false;
    rest.remove_prefix(1);
    return true;
  }

  bool take_letter(char lower) {
    if (rest.empty() || to_lower(rest.front()) != lower) return false;
    rest.remove_prefix(1);
    return true;
  }

  bool at(char c) const { return !rest.empty() && rest.front() == c; }

  bool at_digit() const { return !rest.empty() && is_digit(rest.front()); }

  bool take_number(std::size_t digits, int& value) {
    if (rest.size() < digits) return false;
    value = 0;
    for (std::size_t i = 0; i < digits; ++i) {
      if (!is_digit(rest[i])) return false;
      value = value * 10 + (rest[i] - '0');
    }
    rest.remove_prefix(digits);
    return true;
  }
};

// What the text said, digits only; ranges are looked at afterwards.
struct Moment {
  bool extended = false;  // with dashes and colons
  int year = 0;
  int month = 0;
  int day = 0;
  int hour = 0;
  int minute = 0;
  int second = 0;
  bool has_fraction = false;
  bool fraction_is_zero = true;
  int zone_minutes = 0;
  // How much was there, for what RFC 3339 asks more than ISO 8601.
  bool has_seconds = false;
  bool has_zone = false;
  bool zone_has_colon = false;
  bool has_comma = false;
};

bool read_date(Cursor& cursor, Moment& moment) {
  if (!cursor.take_number(4, moment.year)) return false;
  moment.extended = cursor.take('-');
  if (!cursor.take_number(2, moment.month)) return false;
  if (moment.extended && !cursor.take('-')) return false;
  return cursor.take_number(2, moment.day);
}

// The next two digits of a time in the same style as the date, where there are any.
bool read_next_part(Cursor& cursor, bool extended, int& value, bool& present) {
  present = extended ? cursor.take(':') : cursor.at_digit();
  return !present || cursor.take_number(2, value);
}

bool read_time(Cursor& cursor, Moment& moment) {
  bool has_minutes = false;
  if (!cursor.take_number(2, moment.hour)) return false;
  if (!read_next_part(cursor, moment.extended, moment.minute, has_minutes)) return false;
  if (has_minutes && !read_next_part(cursor, moment.extended, moment.second, moment.has_seconds)) {
    return false;
  }
  moment.has_comma = cursor.at(',');
  if (!cursor.take('.') && !cursor.take(',')) return true;
  moment.has_fraction = cursor.at_digit();
  while (cursor.at_digit()) {
    if (!cursor.take('0')) {
      moment.fraction_is_zero = false;
      cursor.rest.remove_prefix(1);
    }
  }
  return moment.has_fraction;
}

// xAPI-Data 1.0.3 section 4.5: not -00, -0000 or -00:00.
bool read_zone(Cursor& cursor, Moment& moment) {
  moment.has_zone = !cursor.rest.empty();
  if (!moment.has_zone) return true;
  if (cursor.take_letter('z')) {
    moment.zone_has_colon = true;
    return true;
  }
  const bool negative = cursor.at('-');
  if (!cursor.take('-') && !cursor.take('+')) return false;
  int hours = 0;
  int minutes = 0;
  if (!cursor.take_number(2, hours)) return false;
  moment.zone_has_colon = cursor.take(':');
  const bool has_minutes = moment.zone_has_colon || cursor.at_digit();
  if (has_minutes && !cursor.take_number(2, minutes)) return false;
  if (hours > 23 || minutes > 59) return false;
  moment.zone_minutes = (hours * 60 + minutes) * (negative ? -1 : 1);
  return !(negative && moment.zone_minutes == 0);
}

int days_in_month(int year, int month) {
  static constexpr std::array kDays = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
  const bool leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
  return month == 2 && leap ? 29 : kDays[static_cast<std::size_t>(month) - 1];
}

// Leap seconds end the last minute, in UTC, of a month.
bool may_be_leap_second(const Moment& moment) {
  int utc_minute = moment.hour * 60 + moment.minute - moment.zone_minutes;
  int last_day = days_in_month(moment.year, moment.month);
  int day = moment.day;
  if (utc_minute < 0) {  // The day before: the last of its month when this one is the first.
    utc_minute += 24 * 60;
    last_day = 1;
  } else if (utc_minute >= 24 * 60) {
    utc_minute -= 24 * 60;
    day += 1;
  }
  return utc_minute == 24 * 60 - 1 && day == last_day;
}

bool is_real(const Moment& moment, Version version) {
  if (moment.month < 1 || moment.month > 12) return false;
  if (moment.day < 1 || moment.day > days_in_month(moment.year, moment.month)) return false;
  // ISO 8601:2004 section 4.2.3 has 24:00 for the end of a day, RFC 3339 has not.
  if (moment.hour == 24 && version == Version::V1_0_3) {
    return moment.minute == 0 && moment.second == 0 && moment.fraction_is_zero;
  }
  if (moment.hour > 23 || moment.minute > 59 || moment.second > 60) return false;
  return moment.second != 60 || may_be_leap_second(moment);
}

}  // namespace

bool is_timestamp(std::string_view text, Version version) {
  Cursor cursor{text};
  Moment moment;
  if (!read_date(cursor, moment)) return false;
  if (!cursor.rest.empty() || version == Version::V2_0_0) {
    if (!cursor.take_letter('t') || !read_time(cursor, moment)) return false;
    if (!read_zone(cursor, moment) || !cursor.rest.empty()) return false;
  }
  const bool is_rfc_3339 = moment.extended && moment.has_seconds && !moment.has_comma &&
                           moment.has_zone && moment.zone_has_colon;
  if (version == Version::V2_0_0 && !is_rfc_3339) return false;
  return is_real(moment, version);
}

}  // namespace waypost::statement
