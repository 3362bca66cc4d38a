#include "waypost/delivery/backoff.hpp"

#include <algorithm>

#include "waypost/limits.hpp"

namespace waypost::delivery {

Duration longest_backoff(Duration base, std::uint32_t failures) {
  std::int64_t longest = std::clamp<std::int64_t>(base.ms, 1, limits::kBackoffMaxMs);
  for (std::uint32_t i = 0; i < failures && longest < limits::kBackoffMaxMs; ++i) longest *= 2;
  return {std::min(longest, limits::kBackoffMaxMs)};
}

Duration backoff(Random& random, Duration base, std::uint32_t failures,
                 std::optional<Duration> retry_after) {
  const std::int64_t drawn = random.up_to(longest_backoff(base, failures).ms);
  const std::int64_t asked =
      std::clamp<std::int64_t>(retry_after.value_or(Duration{}).ms, 0, limits::kRetryAfterMaxMs);
  return {std::max(drawn, asked)};
}

}  // namespace waypost::delivery
