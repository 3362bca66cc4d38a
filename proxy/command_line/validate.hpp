#pragma once

#include <cstdio>
#include <istream>

#include "waypost/statement/validate.hpp"

namespace waypost::relay {

enum class ValidateResult { AllValid, SomeInvalid, Unreadable };

// Reads statements (one, an array, or one a line), and writes one line of JSON for each:
// {"index":0,"valid":true,"violations":[]}. Memory is bounded by the largest statement that is
// allowed, not by the input. What keeps it from reading or writing is said on `complaints`.
ValidateResult validate_statements(std::istream& input, statement::Version version,
                                   std::FILE* output, std::FILE* complaints);

}  // namespace waypost::relay
