#pragma once

#include <string>

namespace waypost::relay {

// Sends a test message through every channel of the configuration and prints what happened to
// each. Returns the exit code: 0, 1 when one failed or there is none, 2 for a wrong configuration.
int test_alert(const std::string& configuration_file);

}  // namespace waypost::relay
