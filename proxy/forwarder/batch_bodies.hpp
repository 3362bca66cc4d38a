#pragma once

#include <map>
#include <span>
#include <string>
#include <vector>

#include "proxy/forwarder/body_cache.hpp"
#include "proxy/lrs_client/lrs_client.hpp"
#include "proxy/store/store.hpp"

namespace waypost::relay {

// Bodies read from the store. Those of `keys` that are nowhere in it have left the queue.
struct ReadBodies {
  std::vector<Body> bodies;            // in the order of the keys
  std::vector<Key> unreadable;         // likewise
  std::map<Key, std::string> damaged;  // must not be sent, and what was found
  std::string trouble;                 // why, for the log
};

// In the store's thread. A damaged row costs only itself.
ReadBodies read_bodies(Store& store, DestinationId destination, std::span<const Key> keys);

// The first of the entries, as many as have no more bytes than that together.
std::vector<Key> keys_fitting(std::span<const WaitingEntry> entries, std::size_t bytes_max);

// The keys whose bodies are not in the cache.
std::vector<Key> keys_not_cached(const BodyCache& cache, std::span<const Key> keys);

struct AssembledBatch {
  LrsBatch batch;
  std::vector<Key> keys;  // of the statements in it
};

// One JSON array of the bodies as they are. Both lists of keys are in the same order.
AssembledBatch assemble(std::span<const Key> keys, const BodyCache& cache,
                        std::span<const Body> read);

}  // namespace waypost::relay
