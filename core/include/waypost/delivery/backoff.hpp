#pragma once

#include <cstdint>
#include <optional>

#include "waypost/random.hpp"
#include "waypost/time.hpp"

namespace waypost::delivery {

// Full jitter: uniform in [0, min(limits::kBackoffMaxMs, base * 2^failures)], and never less than a
// Retry-After (clamped to limits::kRetryAfterMaxMs). `failures` has no limit.
Duration backoff(Random& random, Duration base, std::uint32_t failures,
                 std::optional<Duration> retry_after);

}  // namespace waypost::delivery
