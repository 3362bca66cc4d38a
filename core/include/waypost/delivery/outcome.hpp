#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "waypost/time.hpp"

namespace waypost::delivery {

// The row of an entry in its queue, in order of arrival. Not the statement id.
using Key = std::int64_t;

// The next hop of a batch: who answers it, and so which table of verdicts holds.
enum class Hop : std::uint8_t { Lrs = 0, Relay = 1 };

// Why there was no HTTP answer at all.
enum class Failure : std::uint8_t {
  None = 0,
  Timeout = 1,
  Refused = 2,
  Reset = 3,
  Dns = 4,
  Tls = 5,
  Network = 6,  // a browser's fetch does not say more
};

// What an answer says of one entry of its batch.
enum class EntryAnswer : std::uint8_t {
  Stored = 0,   // accepted or a duplicate: the next hop has it
  Kept = 1,     // refused, and kept by the next hop as a dead letter: its humans will see it
  Refused = 2,  // refused and not kept: it is a dead letter here
  Unsent = 3,   // it was not in the request, because the edge could not read it: later
  Damaged = 4,  // likewise, and never can: it is a dead letter here
};

struct EntryResult {
  Key key = 0;
  EntryAnswer answer = EntryAnswer::Stored;
};

// How much of the batch an answer speaks of, as the edge read it. For the LRS hop Whole means: 204,
// or 200 with a JSON array whose every element is an id that was sent. For the relay hop PerEntry
// means: 200, type JSON, and the nonce that was sent.
enum class Extent : std::uint8_t { None = 0, Whole = 1, PerEntry = 2 };

// The answer of a hop to a batch, as its edge saw it.
struct Outcome {
  int status = 0;  // 0 when failure says why there is none
  Failure failure = Failure::None;
  std::optional<Duration> retry_after;
  Extent extent = Extent::None;
  std::vector<EntryResult> results;  // for Extent::PerEntry
};

}  // namespace waypost::delivery
