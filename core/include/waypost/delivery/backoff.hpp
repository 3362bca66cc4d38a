#pragma once

#include <cstdint>
#include <optional>

#include "waypost/random.hpp"
#include "waypost/time.hpp"

namespace waypost::delivery {

// min(limits::kBackoffMaxMs, base * 2^failures), at least 1 ms. `failures` has no limit.
Duration longest_backoff(Duration base, std::uint32_t failures);

// Full jitter: uniform in [0, longest_backoff()], and never less than a Retry-After (clamped to
// limits::kRetryAfterMaxMs).
Duration backoff(Random& random, Duration base, std::uint32_t failures,
                 std::optional<Duration> retry_after);

}  // namespace waypost::delivery
