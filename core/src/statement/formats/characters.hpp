#pragma once

#include <algorithm>
#include <cstddef>
#include <string_view>

// Character classes of the grammars in this folder, by RFC 5234 appendix B.1. ASCII only, whatever
// the locale.
namespace waypost::statement {

constexpr bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

constexpr char to_lower(char c) {
  return c >= 'A' && c <= 'Z' ? static_cast<char>(c | 0x20) : c;
}

constexpr bool is_alpha(char c) {
  return to_lower(c) >= 'a' && to_lower(c) <= 'z';
}

constexpr bool is_alphanumeric(char c) {
  return is_alpha(c) || is_digit(c);
}

constexpr bool is_hex_digit(char c) {
  return is_digit(c) || (to_lower(c) >= 'a' && to_lower(c) <= 'f');
}

constexpr bool is_ascii(char c) {
  return static_cast<unsigned char>(c) < 0x80;
}

// Every character is of the class, and there are min to max of them.
template <typename Class>
constexpr bool all_of(std::string_view text, Class is_of_class, std::size_t min, std::size_t max) {
  return text.size() >= min && text.size() <= max &&
         std::all_of(text.begin(), text.end(), is_of_class);
}

constexpr bool equal_ignoring_case(std::string_view left, std::string_view right) {
  return std::equal(left.begin(), left.end(), right.begin(), right.end(),
                    [](char l, char r) { return to_lower(l) == to_lower(r); });
}

// "%" and two hexadecimal digits at the start of `text`.
constexpr bool starts_percent_encoded(std::string_view text) {
  return text.size() >= 3 && text[0] == '%' && is_hex_digit(text[1]) && is_hex_digit(text[2]);
}

}  // namespace waypost::statement
