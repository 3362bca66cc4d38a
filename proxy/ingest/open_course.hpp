#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "waypost/statement/violation.hpp"

// Learners of an open course only say who they are: nothing proves it, so whatever they say becomes
// an account of the relay's own homePage, never an mbox that could be somebody's.
namespace waypost::relay {

struct SelfDeclared {
  std::optional<std::string> actor;  // JSON to stamp; nothing when it may stay as it is
  std::string name;                  // of the account
  std::optional<statement::Violation> violation;
};

// `text` is the JSON of a valid actor, or empty where the statement has none.
SelfDeclared self_declared(std::string_view text, std::string_view home_page);

}  // namespace waypost::relay
