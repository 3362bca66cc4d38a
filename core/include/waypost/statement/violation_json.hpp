#pragma once

#include <string>
#include <vector>

#include "waypost/statement/violation.hpp"

namespace waypost::statement {

// Appends [{"path","rule","message"}], the form that answers, events and `validate` share.
void append_json(std::string& to, const std::vector<Violation>& violations);

}  // namespace waypost::statement
