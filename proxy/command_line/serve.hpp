#pragma once

#include <string>

namespace waypost::relay {

// Serves what the configuration says until SIGTERM or SIGINT, then drains. Returns the exit code:
// 0, 2 for a wrong configuration (every problem is printed), 1 for what keeps it from starting.
int serve(const std::string& configuration_file);

}  // namespace waypost::relay
