#include "proxy/command_line/terminal_text.hpp"

#include <array>
#include <cstdio>

namespace waypost::relay {
namespace {

struct Character {
  std::uint32_t code = 0;
  std::size_t bytes = 1;
};

std::uint8_t byte_at(std::string_view text, std::size_t at) {
  return at < text.size() ? static_cast<std::uint8_t>(text[at]) : std::uint8_t{0};
}

// Only as far as anything here is to be recognised: up to three bytes; longer ones pass.
Character character_at(std::string_view text, std::size_t at) {
  const std::uint32_t first = byte_at(text, at);
  const std::uint32_t second = byte_at(text, at + 1) & 0x3fU;
  const std::uint32_t third = byte_at(text, at + 2) & 0x3fU;
  if (first < 0x80U) return {first, 1};
  if (first < 0xe0U) return {(first & 0x1fU) << 6U | second, 2};
  if (first < 0xf0U) return {(first & 0x0fU) << 12U | second << 6U | third, 3};
  return {0xfffdU, 4};
}

bool is_obeyed(std::uint32_t code) {
  const bool is_control = code < 0x20U || (code >= 0x7fU && code < 0xa0U);
  const bool is_separator = code == 0x2028U || code == 0x2029U;
  const bool turns = (code >= 0x202aU && code <= 0x202eU) || (code >= 0x2066U && code <= 0x2069U);
  return is_control || is_separator || turns;
}

}  // namespace

std::string terminal_text(std::string_view text, LineBreaks line_breaks) {
  std::string safe;
  for (std::size_t at = 0; at < text.size();) {
    const Character character = character_at(text, at);
    const bool is_break = character.code == '\n' || character.code == '\t';
    if (is_obeyed(character.code) && !(is_break && line_breaks == LineBreaks::Kept)) {
      std::array<char, 8> escape{};
      std::snprintf(escape.data(), escape.size(), "\\u%04x", character.code);
      safe += escape.data();
    } else {
      safe += text.substr(at, character.bytes);
    }
    at += character.bytes;
  }
  return safe;
}

std::string shortened(std::string_view text, std::size_t bytes_max) {
  if (text.size() <= bytes_max) return std::string(text);
  std::size_t end = bytes_max;
  while (end > 0 && (byte_at(text, end) & 0xc0U) == 0x80U) --end;
  return std::string(text.substr(0, end)) + "\xe2\x80\xa6";
}

}  // namespace waypost::relay
