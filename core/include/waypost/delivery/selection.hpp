#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "waypost/delivery/isolation.hpp"
#include "waypost/delivery/window.hpp"
#include "waypost/time.hpp"

// Which entries of the window go next.
namespace waypost::delivery {

struct BatchBounds {
  Duration interval;           // the oldest waits no longer
  std::size_t count_max = 1;   // never more
  std::size_t count_soon = 1;  // this many do not wait
  std::size_t bytes_max = 1;   // never more, save for one entry that is larger alone
  // After a failure: what has failed more than once gives way to what has not. Else null.
  const Isolation* failed = nullptr;
};

struct Selection {
  std::vector<Key> keys;  // the batch; empty: nothing may go yet, and the rest says until when
  std::optional<Instant> look_again_at;
  std::size_t count_missing = 0;  // or when so many more entries
  std::size_t bytes_missing = 0;  // or bytes have arrived
};

// The batch of the group that has waited longest, in order of arrival; a piece of a batch that
// failed goes without others. An entry that may not go yet holds back its lane, everywhere.
Selection select_batch(const Window& window, const BatchBounds& bounds, Instant now);

enum class Candidates : std::uint8_t { HeadsOfLanes, Any };

// One entry that is not in `probed`: the head of a lane where there is one, else any if any may go,
// so that no single bad entry can keep a block from ending. `keys` is empty where there is none.
Selection select_probe(const Window& window, std::span<const Key> probed, Candidates candidates,
                       Instant now);

}  // namespace waypost::delivery
