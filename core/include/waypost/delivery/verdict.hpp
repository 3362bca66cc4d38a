#pragma once

#include <cstdint>

#include "waypost/delivery/condition.hpp"
#include "waypost/delivery/outcome.hpp"

namespace waypost::delivery {

// What an outcome means for its batch.
enum class Verdict : std::uint8_t {
  Stored,       // the next hop has what the outcome lists
  Outage,       // nothing is known to be stored: the same bytes again after a backoff
  SlowDown,     // likewise, and less often from now on
  ServerError,  // an outage, or one entry that the next hop cannot bear
  Refused,      // one entry or more breaks a rule of the next hop
  Forbidden,    // the key may not store one entry or more, or nothing at all
  Conflict,     // one id or more is there already
  TooLarge,     // the batch, or one entry alone
  Blocked,      // something a human must mend: keep everything, probe slowly
};

Verdict verdict_of(Hop hop, const Outcome& outcome);

// What a human must look at after an outcome that is Blocked or Forbidden.
BlockCause block_cause_of(const Outcome& outcome);

// Whether the next hop may have stored the batch although the outcome does not say so.
bool may_be_stored(const Outcome& outcome);

}  // namespace waypost::delivery
