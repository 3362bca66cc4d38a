#pragma once

#include <chrono>

#include "waypost/time.hpp"

// The one place where the relay reads its clocks.
namespace waypost::relay {

using SteadyTime = std::chrono::steady_clock::time_point;

// The time of day.
inline Instant system_now() {
  const auto since_epoch = std::chrono::system_clock::now().time_since_epoch();
  return {std::chrono::duration_cast<std::chrono::milliseconds>(since_epoch).count()};
}

// For lengths of time: it never jumps.
inline SteadyTime steady_now() {
  return std::chrono::steady_clock::now();
}

}  // namespace waypost::relay
