#include "waypost/json/text.hpp"

#include <cstdint>

#include "json/scan.hpp"

namespace waypost::json {
namespace {

constexpr std::uint32_t kReplacement = 0xFFFD;

std::uint32_t hex4(std::string_view digits) {
  std::uint32_t value = 0;
  for (const char c : digits.substr(0, 4)) {
    const auto digit = c <= '9' ? c - '0' : (c | 0x20) - 'a' + 10;
    value = (value << 4U) | static_cast<std::uint32_t>(digit);
  }
  return value;
}

void append_utf8(std::string& to, std::uint32_t code_point) {
  const auto tail = [&](unsigned shift) {
    to += static_cast<char>(0x80U | ((code_point >> shift) & 0x3FU));
  };
  if (code_point < 0x80) {
    to += static_cast<char>(code_point);
  } else if (code_point < 0x800) {
    to += static_cast<char>(0xC0U | (code_point >> 6U));
    tail(0);
  } else if (code_point < 0x10000) {
    to += static_cast<char>(0xE0U | (code_point >> 12U));
    tail(6);
    tail(0);
  } else {
    to += static_cast<char>(0xF0U | (code_point >> 18U));
    tail(12);
    tail(6);
    tail(0);
  }
}

bool is_high_surrogate(std::uint32_t unit) {
  return unit >= 0xD800 && unit <= 0xDBFF;
}

bool is_low_surrogate(std::uint32_t unit) {
  return unit >= 0xDC00 && unit <= 0xDFFF;
}

// `at` is behind "\u"; returns how many characters of `inside` were taken from there.
std::size_t append_unicode_escape(std::string& to, std::string_view inside, std::size_t at) {
  if (inside.size() - at < 4) return inside.size() - at;
  const std::uint32_t unit = hex4(inside.substr(at));
  const std::string_view behind = inside.substr(at + 4);
  if (is_high_surrogate(unit) && behind.size() >= 6 && behind.substr(0, 2) == "\\u") {
    const std::uint32_t low = hex4(behind.substr(2));
    if (is_low_surrogate(low)) {
      append_utf8(to, 0x10000 + ((unit - 0xD800) << 10U) + (low - 0xDC00));
      return 10;
    }
  }
  const bool lone = is_high_surrogate(unit) || is_low_surrogate(unit);
  append_utf8(to, lone ? kReplacement : unit);
  return 4;
}

char short_escape(char c) {
  switch (c) {
    case 'b': return '\b';
    case 'f': return '\f';
    case 'n': return '\n';
    case 'r': return '\r';
    case 't': return '\t';
    default: return c;
  }
}

void append_escaped(std::string& to, char c) {
  static constexpr std::string_view kHex = "0123456789abcdef";
  switch (c) {
    case '"': to += "\\\""; return;
    case '\\': to += "\\\\"; return;
    case '\b': to += "\\b"; return;
    case '\f': to += "\\f"; return;
    case '\n': to += "\\n"; return;
    case '\r': to += "\\r"; return;
    case '\t': to += "\\t"; return;
    default:
      to += "\\u00";
      to += kHex[static_cast<unsigned char>(c) >> 4U];
      to += kHex[static_cast<unsigned char>(c) & 0x0FU];
  }
}

}  // namespace

std::size_t utf8_length(std::string_view text) {
  const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(text[i]); };
  const auto tails = [&](std::size_t count) {
    if (text.size() <= count) return false;
    for (std::size_t i = 1; i <= count; ++i) {
      if ((byte(i) & 0xC0U) != 0x80U) return false;
    }
    return true;
  };
  const unsigned first = byte(0);
  if (first < 0x80) return 1;
  if (first < 0xC2) return 0;
  if (first < 0xE0) return tails(1) ? 2 : 0;
  if (first < 0xF0) {
    if (!tails(2)) return 0;
    if (first == 0xE0 && byte(1) < 0xA0) return 0;
    if (first == 0xED && byte(1) > 0x9F) return 0;
    return 3;
  }
  if (first > 0xF4 || !tails(3)) return 0;
  if (first == 0xF0 && byte(1) < 0x90) return 0;
  if (first == 0xF4 && byte(1) > 0x8F) return 0;
  return 4;
}

void append_decoded(std::string& to, std::string_view inside) {
  std::size_t at = 0;
  while (at < inside.size()) {
    const auto escape = inside.find('\\', at);
    if (escape >= inside.size() - 1) {
      to += inside.substr(at, escape - at);
      return;
    }
    to += inside.substr(at, escape - at);
    const char kind = inside[escape + 1];
    at = escape + 2;
    if (kind == 'u') {
      at += append_unicode_escape(to, inside, at);
    } else {
      to += short_escape(kind);
    }
  }
}

void append_string(std::string& to, std::string_view text) {
  to += '"';
  while (true) {
    const std::size_t plain = find_first<scan::Escaped>(text, 0);
    to += text.substr(0, plain);
    if (plain == text.size()) break;
    append_escaped(to, text[plain]);
    text.remove_prefix(plain + 1);
  }
  to += '"';
}

std::string as_string(std::string_view text) {
  std::string string;
  append_string(string, text);
  return string;
}

void append_pointer_token(std::string& pointer, std::string_view key) {
  pointer += '/';
  for (const char c : key) {
    if (c == '~') {
      pointer += "~0";
    } else if (c == '/') {
      pointer += "~1";
    } else {
      pointer += c;
    }
  }
}

}  // namespace waypost::json
