#pragma once

#include <string>
#include <vector>

#include "proxy/configuration/configuration.hpp"

namespace waypost::relay {

// What `wanted` changes and a running relay cannot: a sentence for each. Empty if it may be taken
// over at once.
std::vector<std::string> reasons_to_restart(const Configuration& running,
                                            const Configuration& wanted);

}  // namespace waypost::relay
