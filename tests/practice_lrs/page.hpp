#pragma once

#include <string>

#include "practice_lrs/http.hpp"

namespace waypost::practice {

// The page that shows statements arriving, and its files.
Answer page(const std::string& path);

}  // namespace waypost::practice
