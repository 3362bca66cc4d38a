#include "statement/formats/characters.hpp"
#include "statement/formats/formats.hpp"

namespace waypost::statement {
namespace {

bool is_token_character(char c) {
  return is_alphanumeric(c) ||
         std::string_view("!#$%&'*+-.^_`|~").find(c) != std::string_view::npos;
}

bool take_token(std::string_view& rest) {
  const auto* const end = std::find_if_not(rest.begin(), rest.end(), is_token_character);
  const auto length = static_cast<std::size_t>(end - rest.begin());
  rest.remove_prefix(length);
  return length != 0;
}

bool take(std::string_view& rest, char c) {
  if (rest.empty() || rest.front() != c) return false;
  rest.remove_prefix(1);
  return true;
}

void skip_white_space(std::string_view& rest) {
  while (take(rest, ' ') || take(rest, '\t')) {
  }
}

// Behind the opening quote.
bool take_quoted(std::string_view& rest) {
  while (!rest.empty()) {
    if (take(rest, '"')) return true;
    const bool escaped = take(rest, '\\');
    if (rest.empty()) return false;
    const auto c = static_cast<unsigned char>(rest.front());
    if ((c < 0x20 && c != '\t') || c == 0x7F) return false;
    rest.remove_prefix(1);
    if (escaped && rest.empty()) return false;
  }
  return false;
}

bool take_parameter(std::string_view& rest) {
  if (!take_token(rest) || !take(rest, '=')) return false;
  return take(rest, '"') ? take_quoted(rest) : take_token(rest);
}

}  // namespace

bool is_media_type(std::string_view text) {
  if (!take_token(text) || !take(text, '/') || !take_token(text)) return false;
  while (!text.empty()) {
    skip_white_space(text);
    if (!take(text, ';')) return text.empty();
    skip_white_space(text);
    if (!text.empty() && text.front() != ';' && !take_parameter(text)) return false;
  }
  return true;
}

}  // namespace waypost::statement
