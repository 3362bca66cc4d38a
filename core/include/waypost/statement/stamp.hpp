#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "waypost/statement/validate.hpp"

// What a relay puts on a statement at first acceptance, spliced into the text as it was received:
// every byte that is not stamped stays as it was.
namespace waypost::statement {

struct Stamps {
  // JSON texts of values. Absent: that member is left as it is.
  std::optional<std::string> id;
  std::optional<std::string> actor;
  std::optional<std::string> timestamp;
  std::optional<std::string> registration;  // context.registration
  std::optional<std::string> authority;
  // One member of context.extensions: its key (an IRI, not yet quoted) and the JSON of its value.
  std::optional<std::string> extension_key;
  std::string extension_value;
  bool remove_authority = false;
  bool remove_stored = false;

  bool empty() const;
};

// `text` is what `outline` was made from; the result is the statement alone (outline.whole).
// The statement must have been valid and not signed.
std::string splice(std::string_view text, const Outline& outline, const Stamps& stamps);

}  // namespace waypost::statement
