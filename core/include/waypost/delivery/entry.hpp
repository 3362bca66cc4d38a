#pragma once

#include <cstdint>
#include <limits>
#include <string>

#include "waypost/delivery/outcome.hpp"
#include "waypost/time.hpp"

namespace waypost::delivery {

// What the engine knows of a queued entry; its bytes stay with the edge.
struct Entry {
  Key key = 0;        // above 0
  std::string group;  // one batch holds one group (a ticket, or a destination)
  std::string lane;   // leaves in order of arrival (registration, else learner)
  std::uint32_t bytes = 0;
  std::uint32_t attempts = 0;  // persistent
  Instant next_at;             // persistent; not sent before
};

// A count stays at its highest value: no number of failures may look like none.
constexpr void count_one_more(std::uint32_t& count) {
  if (count < std::numeric_limits<std::uint32_t>::max()) ++count;
}

}  // namespace waypost::delivery
