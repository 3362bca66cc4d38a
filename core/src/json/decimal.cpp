#include "waypost/json/decimal.hpp"

#include <algorithm>
#include <cstdint>

namespace waypost::json {
namespace {

// Beyond this any exponent has the same meaning: far outside what can be compared otherwise.
constexpr std::int64_t kExponentClamp = 1'000'000'000;

// 0.d1d2d3... * 10^exponent, where d1 is the first digit that is not zero.
struct Decimal {
  bool negative = false;
  bool zero = true;
  std::int64_t exponent = 0;
  std::string_view digits;  // from d1; may hold the decimal point and trailing zeros
};

std::int64_t parse_exponent(std::string_view text) {
  bool negative = false;
  if (text.front() == '+' || text.front() == '-') {
    negative = text.front() == '-';
    text.remove_prefix(1);
  }
  std::int64_t value = 0;
  for (const char c : text) value = std::min(value * 10 + (c - '0'), kExponentClamp);
  return negative ? -value : value;
}

Decimal parse(std::string_view text) {
  Decimal decimal;
  if (text.front() == '-') {
    decimal.negative = true;
    text.remove_prefix(1);
  }
  const auto find = [&](auto is_wanted) {
    const auto* const at = std::find_if(text.begin(), text.end(), is_wanted);
    return static_cast<std::size_t>(at - text.begin());
  };
  const std::size_t mantissa = find([](char c) { return c == 'e' || c == 'E'; });
  if (mantissa != text.size()) {
    decimal.exponent = parse_exponent(text.substr(mantissa + 1));
    text = text.substr(0, mantissa);
  }
  const std::size_t first = find([](char c) { return c >= '1' && c <= '9'; });
  if (first == text.size()) return decimal;
  decimal.zero = false;
  const std::size_t point = find([](char c) { return c == '.'; });
  const auto integer_digits = static_cast<std::int64_t>(point) - static_cast<std::int64_t>(first);
  decimal.exponent += first < point ? integer_digits : integer_digits + 1;
  decimal.digits = text.substr(first);
  return decimal;
}

// The next digit of a run that may hold one decimal point; zeros for ever after its end.
char take_digit(std::string_view& digits) {
  if (!digits.empty() && digits.front() == '.') digits.remove_prefix(1);
  if (digits.empty()) return '0';
  const char digit = digits.front();
  digits.remove_prefix(1);
  return digit;
}

std::strong_ordering compare_magnitudes(const Decimal& left, const Decimal& right) {
  if (left.exponent != right.exponent) return left.exponent <=> right.exponent;
  std::string_view left_digits = left.digits;
  std::string_view right_digits = right.digits;
  while (!left_digits.empty() || !right_digits.empty()) {
    const auto order = take_digit(left_digits) <=> take_digit(right_digits);
    if (order != 0) return order;
  }
  return std::strong_ordering::equal;
}

}  // namespace

std::strong_ordering compare_decimals(std::string_view left_text, std::string_view right_text) {
  const Decimal left = parse(left_text);
  const Decimal right = parse(right_text);
  const int left_sign = left.zero ? 0 : (left.negative ? -1 : 1);
  const int right_sign = right.zero ? 0 : (right.negative ? -1 : 1);
  if (left_sign != right_sign) return left_sign <=> right_sign;
  if (left_sign == 0) return std::strong_ordering::equal;
  const auto order = compare_magnitudes(left, right);
  return left_sign > 0 ? order : 0 <=> order;
}

bool is_whole(std::string_view number) {
  const Decimal decimal = parse(number);
  if (decimal.zero) return true;
  // The digits of a whole number end before its point, but for zeros.
  const auto digits = decimal.digits.substr(0, decimal.digits.find_last_of("123456789") + 1);
  const auto points = std::count(digits.begin(), digits.end(), '.');
  return static_cast<std::int64_t>(digits.size()) - points <= decimal.exponent;
}

bool fits_double(std::string_view number) {
  // Half a unit above the largest double: from here on rounding gives infinity.
  static constexpr std::string_view kOverflow = "1.797693134862315807937289714053e308";
  const Decimal decimal = parse(number);
  if (decimal.zero || decimal.exponent < 309) return true;
  return compare_magnitudes(decimal, parse(kOverflow)) < 0;
}

}  // namespace waypost::json
