#pragma once

#include <compare>
#include <cstdint>

namespace waypost {

// A length of time in milliseconds. A type of its own, so that it cannot be taken for a point.
struct Duration {
  std::int64_t ms = 0;

  friend constexpr auto operator<=>(Duration, Duration) = default;
};

// A point in time: milliseconds since 1970-01-01T00:00:00Z by the clock of whoever passes it in.
struct Instant {
  std::int64_t ms = 0;

  friend constexpr auto operator<=>(Instant, Instant) = default;
};

constexpr Instant operator+(Instant at, Duration by) {
  return {at.ms + by.ms};
}

constexpr Duration operator-(Instant to, Instant from) {
  return {to.ms - from.ms};
}

}  // namespace waypost
