#pragma once

#include <cstddef>
#include <cstdint>
#include <variant>
#include <vector>

#include "waypost/delivery/burial.hpp"
#include "waypost/delivery/condition.hpp"
#include "waypost/delivery/outcome.hpp"
#include "waypost/time.hpp"

// What the delivery engine asks of its edge, which performs it in order and then feeds what came of
// it.
namespace waypost::delivery {

using BatchId = std::uint64_t;

// Read up to count_max entries with keys above after_key from the queue, in order of keys, then
// call loaded(). Where the queue cannot be read, loaded({}, true, now) makes the engine ask again
// later.
struct Load {
  Key after_key = 0;
  std::size_t count_max = 0;
};

// Send these entries as one batch, then call outcome() with its id, whatever happened. Keys whose
// entries have left the queue meanwhile (erased, say) are left out of the request.
struct Send {
  BatchId batch = 0;
  std::vector<Key> keys;
  bool probe = false;
};

// Ask the next hop whether it has the statement with this entry's id, among the voided ones too,
// and compare; then call looked_up() with the id of the request, or outcome() where there was no
// answer to the question (an outage, or 401). Only towards an LRS.
struct LookUp {
  BatchId request = 0;
  Key key = 0;
};

// The next hop has them: take them out of the queue for good.
struct Remove {
  std::vector<Key> keys;
};

// Likewise, but it had them before we were told. Unverified: it says so, and does not let us read.
struct AlreadyThere {
  Key key = 0;
  bool verified = true;
};

// They stay; write down attempts + 1 and when they may be sent again.
struct Defer {
  std::vector<Key> keys;
  Instant until;
};

// It becomes a dead letter of this queue.
struct Bury {
  Key key = 0;
  BurialReason reason = BurialReason::Refused;
  int status = 0;              // of the answer that decided it
  std::uint32_t attempts = 0;  // requests that had it, as far as they were written down
};

// A condition of the destination began or ended. Reported once each way; a block is reported again
// when its cause has become another.
struct Report {
  Condition condition = Condition::Outage;
  bool raised = false;
  int status = 0;                           // of the answer that raised it, 0 if none
  Failure failure = Failure::None;          // likewise
  BlockCause cause = BlockCause::Endpoint;  // of Condition::Blocked
};

using Action = std::variant<Load, Send, Remove, Defer, Bury, Report, LookUp, AlreadyThere>;

}  // namespace waypost::delivery
