#include "statement/message.hpp"

namespace waypost::statement {
namespace {

constexpr std::size_t kShownBytesMax = 48;

// The length of the longest start of `text` that ends between two characters of its UTF-8.
std::size_t whole_characters(std::string_view text, std::size_t bytes_max) {
  if (text.size() <= bytes_max) return text.size();
  std::size_t length = bytes_max;
  while (length > 0 && (static_cast<unsigned char>(text[length]) & 0xC0U) == 0x80U) --length;
  return length;
}

}  // namespace

std::string joined(std::initializer_list<std::string_view> parts) {
  std::string text;
  for (const std::string_view part : parts) text += part;
  return text;
}

std::string shown(std::string_view text) {
  const std::size_t length = whole_characters(text, kShownBytesMax);
  std::string shown = "\"";
  for (const char c : text.substr(0, length)) {
    const bool printable = static_cast<unsigned char>(c) >= 0x20 && c != 0x7F && c != '"';
    shown += printable ? c : '?';
  }
  shown += length < text.size() ? "...\"" : "\"";
  return shown;
}

std::string_view words_for(json::TokenKind kind) {
  using json::TokenKind;
  switch (kind) {
    case TokenKind::ObjectBegin: return "an object";
    case TokenKind::ArrayBegin: return "an array";
    case TokenKind::String: return "a string";
    case TokenKind::Number: return "a number";
    case TokenKind::True:
    case TokenKind::False: return "true or false";
    default: return "null";
  }
}

}  // namespace waypost::statement
