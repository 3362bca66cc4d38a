#pragma once

#include <cstdint>

#include "waypost/delivery/outcome.hpp"

namespace waypost::delivery {

// What an outcome means for its batch.
enum class Verdict : std::uint8_t {
  Stored,   // the next hop has what the outcome lists
  Outage,   // nothing is known to be stored: the same bytes again after a backoff
  Blocked,  // something a human must mend: keep everything, probe slowly
};

Verdict verdict_of(Hop hop, const Outcome& outcome);

}  // namespace waypost::delivery
