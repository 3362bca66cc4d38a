#include "proxy/forwarder/batch_bodies.hpp"

#include <cstddef>
#include <iterator>
#include <string_view>
#include <utility>

namespace waypost::relay {
namespace {

struct Piece {
  Key key = 0;
  Uuid id;
  std::string_view body;
};

std::vector<Piece> pieces_of(std::span<const Key> keys, const BodyCache& cache,
                             std::span<const Body> read) {
  std::vector<Piece> pieces;
  pieces.reserve(keys.size());
  auto next_read = read.begin();
  for (const Key key : keys) {
    if (next_read != read.end() && next_read->key == key) {
      pieces.push_back({key, next_read->id, next_read->bytes});
      ++next_read;
    } else if (const BodyCache::Cached* cached = cache.find(key); cached != nullptr) {
      pieces.push_back({key, cached->id, *cached->body});
    }
  }
  return pieces;
}

void take(Body body, ReadBodies& read) {
  if (body.damage.empty()) {
    read.bodies.push_back(std::move(body));
  } else {
    read.damaged.emplace(body.key, std::move(body.damage));
  }
}

}  // namespace

ReadBodies read_bodies(Store& store, DestinationId destination, std::span<const Key> keys) {
  ReadBodies read;
  auto all = store.read(destination, keys);
  if (all.value) {
    for (Body& body : *all.value) take(std::move(body), read);
    return read;
  }
  read.trouble = std::move(all.error.message);
  for (const Key& key : keys) {
    auto one = store.read(destination, std::span(&key, 1));
    if (!one.value) {
      read.unreadable.push_back(key);
    } else if (!one.value->empty()) {
      take(std::move(one.value->front()), read);
    }
  }
  return read;
}

std::vector<Key> keys_fitting(std::span<const WaitingEntry> entries, std::size_t bytes_max) {
  std::vector<Key> keys;
  std::size_t bytes = 0;
  for (const WaitingEntry& entry : entries) {
    bytes += entry.bytes;
    if (bytes > bytes_max) break;
    keys.push_back(entry.key);
  }
  return keys;
}

std::vector<Key> keys_not_cached(const BodyCache& cache, std::span<const Key> keys) {
  std::vector<Key> missing;
  for (const Key key : keys) {
    if (cache.find(key) == nullptr) missing.push_back(key);
  }
  return missing;
}

AssembledBatch assemble(std::span<const Key> keys, const BodyCache& cache,
                        std::span<const Body> read) {
  const std::vector<Piece> pieces = pieces_of(keys, cache, read);
  AssembledBatch assembled;
  assembled.keys.reserve(pieces.size());
  assembled.batch.ids.reserve(pieces.size());
  std::size_t bytes = 1;
  for (const Piece& piece : pieces) bytes += piece.body.size() + 1;
  std::string& body = assembled.batch.body;
  body.reserve(bytes + 1);
  for (const Piece& piece : pieces) {
    body += body.empty() ? '[' : ',';
    body += piece.body;
    assembled.keys.push_back(piece.key);
    assembled.batch.ids.push_back(piece.id);
  }
  body += ']';
  return assembled;
}

}  // namespace waypost::relay
