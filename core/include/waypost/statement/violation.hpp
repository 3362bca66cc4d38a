#pragma once

#include <string>
#include <string_view>

namespace waypost::statement {

// One broken rule of a statement or event, as answers, events and `validate` show it.
struct Violation {
  std::string path;       // RFC 6901 pointer from the statement's root; "" is the statement itself
  std::string_view rule;  // stable id such as "actor.one-identifier"; static storage
  std::string message;    // a sentence that tells a course author what to do
};

}  // namespace waypost::statement
