#include <utility>

#include "statement/formats/characters.hpp"
#include "statement/formats/formats.hpp"

namespace waypost::statement {
namespace {

// The patch number of Semantic Versioning, with the identifiers it may have behind a dash, a plus
// or both in this order, and with dots between them.
bool is_patch(std::string_view text) {
  const auto number = std::min(text.find_first_of("-+"), text.size());
  if (!all_of(text.substr(0, number), is_digit, 1, number)) return false;
  if (number == text.size()) return true;
  bool in_identifier = false;
  bool in_build = text[number] == '+';
  for (const char c : text.substr(number + 1)) {
    if (c == '+' && std::exchange(in_build, true)) return false;
    const bool ends = c == '.' || c == '+';
    if (ends ? !in_identifier : !is_alphanumeric(c) && c != '-') return false;
    in_identifier = !ends;
  }
  return in_identifier;
}

}  // namespace

bool is_statement_version(std::string_view text, Version version) {
  if (text == "1.0") return true;
  if (text.starts_with("1.0.")) return is_patch(text.substr(4));
  return version == Version::V2_0_0 && text.starts_with("2.0.") && is_patch(text.substr(4));
}

}  // namespace waypost::statement
