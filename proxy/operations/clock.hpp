#pragma once

#include <chrono>

#include "waypost/time.hpp"

namespace waypost::relay {

// The time of day.
inline Instant system_now() {
  const auto since_epoch = std::chrono::system_clock::now().time_since_epoch();
  return {std::chrono::duration_cast<std::chrono::milliseconds>(since_epoch).count()};
}

}  // namespace waypost::relay
