#include "statement/formats/characters.hpp"
#include "statement/formats/formats.hpp"

namespace waypost::statement {
namespace {

// The patch number of Semantic Versioning 1.0.0, with the special part it may have behind a dash.
bool is_patch(std::string_view text) {
  const auto dash = std::min(text.find('-'), text.size());
  if (!all_of(text.substr(0, dash), is_digit, 1, dash)) return false;
  const std::string_view special = text.substr(dash);
  return special.empty() ||
         (special.size() > 1 && std::all_of(special.begin(), special.end(), [](char c) {
            return is_alphanumeric(c) || c == '-' || c == '.';
          }));
}

}  // namespace

bool is_statement_version(std::string_view text, Version version) {
  if (text == "1.0") return true;
  if (text.starts_with("1.0.")) return is_patch(text.substr(4));
  return version == Version::V2_0_0 && text.starts_with("2.0.") && is_patch(text.substr(4));
}

}  // namespace waypost::statement
