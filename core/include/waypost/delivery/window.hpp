#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <span>

#include "waypost/delivery/entry.hpp"
#include "waypost/time.hpp"

namespace waypost::delivery {

// Names a piece of a batch that failed (isolation.hpp).
using PieceId = std::uint32_t;

inline constexpr PieceId kNoPiece = 0;

// An entry that the engine holds in memory.
struct Waiting {
  Entry entry;
  Instant since;     // when it was enqueued
  bool due = false;  // need not wait for the interval
  PieceId piece = kNoPiece;
  bool may_be_stored = false;  // an answer that could have said so got lost
};

// The entries that the engine knows, in order of arrival, which is the order of their keys.
class Window {
 public:
  // False when the key is there already.
  bool insert(Waiting&& waiting);

  Waiting* find(Key key);

  // Keys that are not there are passed over.
  void remove(std::span<const Key> keys);

  bool empty() const { return entries_.empty(); }

  std::size_t size() const { return entries_.size(); }

  auto begin() { return entries_.begin(); }

  auto end() { return entries_.end(); }

  auto begin() const { return entries_.begin(); }

  auto end() const { return entries_.end(); }

 private:
  std::map<Key, Waiting> entries_;
};

}  // namespace waypost::delivery
