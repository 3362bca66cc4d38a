#pragma once

#include <optional>
#include <string_view>

#include "waypost/time.hpp"

namespace waypost::delivery {

// The value of a Retry-After header (RFC 9110 section 10.2.3): seconds, or an HTTP date in any of
// its three forms (section 5.6.7), as the time from `now`, clamped to limits::kRetryAfterMaxMs. A
// date that has passed is zero; anything else, negative numbers too, is nothing.
std::optional<Duration> parse_retry_after(std::string_view value, Instant now);

}  // namespace waypost::delivery
