#include "proxy/forwarder/body_cache.hpp"

#include <algorithm>
#include <utility>

namespace waypost::relay {
namespace {

// What an entry costs besides its bytes, roughly.
constexpr std::size_t kEntryBytes = 128;

}  // namespace

void BodyCache::insert(delivery::Key key, const Uuid& id, SharedBody body) {
  // What is told of late may have been sent already, and would stay for ever.
  if (key <= removed_through_) return;
  const std::size_t bytes = body->size() + kEntryBytes;
  if (bytes_ + bytes > bytes_max_) return;
  if (bodies_.emplace(key, Cached{id, std::move(body)}).second) bytes_ += bytes;
}

const BodyCache::Cached* BodyCache::find(delivery::Key key) const {
  const auto found = bodies_.find(key);
  return found == bodies_.end() ? nullptr : &found->second;
}

void BodyCache::remove(delivery::Key key) {
  removed_through_ = std::max(removed_through_, key);
  const auto found = bodies_.find(key);
  if (found == bodies_.end()) return;
  bytes_ -= found->second.body->size() + kEntryBytes;
  bodies_.erase(found);
}

}  // namespace waypost::relay
