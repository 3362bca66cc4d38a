#include "statement/completion/values.hpp"

#include <algorithm>
#include <cstdint>

#include "waypost/json/decimal.hpp"

namespace waypost::statement {
namespace {

bool has_exponent(std::string_view number) {
  return number.find_first_of("eE") != std::string_view::npos;
}

// A well-formed number without an exponent and not negative, without decimals behind the second
// and without trailing zeros there.
std::string_view hundredths(std::string_view number) {
  const auto point = number.find('.');
  if (point == std::string_view::npos) return number;
  number = number.substr(0, point + 3);
  while (number.back() == '0') number.remove_suffix(1);
  if (number.back() == '.') number.remove_suffix(1);
  return number;
}

void append_digits(std::string& to, std::int64_t value, std::int64_t place) {
  for (; place > 0; place /= 10) to += static_cast<char>('0' + value / place % 10);
}

struct CivilDate {
  std::int64_t year = 0;
  std::int64_t month = 0;
  std::int64_t day = 0;
};

// The proleptic Gregorian date of a day counted from 1970-01-01, day >= 0. Years are counted from
// March, so that the leap day is the last of its year; an era is 400 years.
CivilDate civil_date(std::int64_t day) {
  constexpr std::int64_t kDaysFromMarchOfYear0 = 719'468;
  constexpr std::int64_t kDaysOfEra = 146'097;
  const std::int64_t from_march = day + kDaysFromMarchOfYear0;
  const std::int64_t era = from_march / kDaysOfEra;
  const std::int64_t of_era = from_march % kDaysOfEra;
  const std::int64_t year_of_era =
      (of_era - of_era / 1460 + of_era / 36'524 - of_era / (kDaysOfEra - 1)) / 365;
  const std::int64_t of_year = of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
  const std::int64_t month_from_march = (5 * of_year + 2) / 153;
  const bool next_year = month_from_march >= 10;  // January or February
  return {era * 400 + year_of_era + (next_year ? 1 : 0), month_from_march + (next_year ? -9 : 3),
          of_year - (153 * month_from_march + 2) / 5 + 1};
}

}  // namespace

std::string_view append_score(std::string& to, const Slice& score) {
  if (score.is_number()) {
    const bool scaled =
        json::compare_decimals(score.raw, "-1") >= 0 && json::compare_decimals(score.raw, "1") <= 0;
    if (!scaled) {
      return "As a plain number a score must be from -1 to 1. For points write "
             "{\"raw\":...,\"min\":...,\"max\":...}.";
    }
    to += "{\"scaled\":";
    to += score.raw;
    to += '}';
    return {};
  }
  if (!score.is_object()) {
    return "Write the score as a number from -1 to 1, or as {\"raw\":...,\"min\":...,\"max\":...}.";
  }
  to += score.raw;
  return {};
}

std::string_view append_response(std::string& to, const Slice& response) {
  if (response.is_string()) {
    to += response.raw;
    return {};
  }
  const bool boolean =
      response.kind == json::TokenKind::True || response.kind == json::TokenKind::False;
  if (boolean || (response.is_number() && !has_exponent(response.raw))) {
    to += '"';
    to += response.raw;
    to += '"';
    return {};
  }
  return "Write the response as a string; join several answers with \"[,]\".";
}

std::string_view append_duration(std::string& to, const Slice& duration) {
  if (duration.is_string()) {
    to += duration.raw;
    return {};
  }
  const bool seconds = duration.is_number() && json::compare_decimals(duration.raw, "0") >= 0;
  if (!seconds) {
    return "Write the duration as a number of seconds, or as an ISO 8601 string such as \"PT90S\".";
  }
  std::string_view number = duration.raw;
  if (number.front() == '-' || has_exponent(number)) {
    if (json::compare_decimals(number, "0.01") >= 0) {
      return "Write the duration's seconds without an exponent.";
    }
    number = "0";
  }
  to += "\"PT";
  to += hundredths(number);
  to += "S\"";
  return {};
}

void append_timestamp(std::string& to, Instant at) {
  constexpr std::int64_t kDayMs = 86'400'000;
  constexpr std::int64_t kEndOf9999Ms = 253'402'300'799'999;
  const std::int64_t ms = std::clamp(at.ms, std::int64_t{0}, kEndOf9999Ms);
  const CivilDate date = civil_date(ms / kDayMs);
  const std::int64_t of_day = ms % kDayMs;
  to += '"';
  append_digits(to, date.year, 1000);
  to += '-';
  append_digits(to, date.month, 10);
  to += '-';
  append_digits(to, date.day, 10);
  to += 'T';
  append_digits(to, of_day / 3'600'000, 10);
  to += ':';
  append_digits(to, of_day / 60'000 % 60, 10);
  to += ':';
  append_digits(to, of_day / 1000 % 60, 10);
  to += '.';
  append_digits(to, of_day % 1000, 100);
  to += "Z\"";
}

}  // namespace waypost::statement
