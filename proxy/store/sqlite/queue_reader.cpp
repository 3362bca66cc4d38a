#include "proxy/store/sqlite/queue_reader.hpp"

#include <algorithm>
#include <numeric>

#include "proxy/store/sqlite/settled_keys.hpp"
#include "proxy/store/sqlite/sheaf_reader.hpp"

namespace waypost::relay::sqlite {
namespace {

// What was noted of the attempts of waiting entries, asked for in order of keys.
class Deferrals {
 public:
  Deferrals(Database& database, DestinationId destination, KeyRange keys)
      : rows_(database.deferrals.query(destination, keys.first, keys.last)),
        is_row_(rows_.next()) {}

  void complete(WaitingEntry& entry) {
    while (is_row_ && rows_.integer(0) < entry.key) is_row_ = rows_.next();
    if (!is_row_ || rows_.integer(0) != entry.key) return;
    entry.attempts = static_cast<std::uint32_t>(rows_.integer(1));
    entry.next_at = {rows_.integer(2)};
  }

 private:
  Rows rows_;
  bool is_row_;
};

}  // namespace

std::vector<WaitingEntry> load(Database& database, DestinationId destination, Key after_key,
                               std::size_t count_max) {
  std::vector<WaitingEntry> entries;
  const auto state = destination_state(database, destination);
  if (!state.has_value()) return entries;
  SettledKeys settled(database, destination, state->delivered_through);
  SheafReader sheaves(database, SheafReader::Depth::Places);
  const Key before_all = key_before_all(state->organisation);
  const Key from = std::max({after_key, before_all, state->held_through}) + 1;
  Deferrals deferrals(database, destination, {from, state->last_key});
  KeyRange waiting{0, from - 1};
  while (entries.size() < count_max && waiting.last < state->last_key) {
    waiting = settled.next_waiting(waiting.last + 1, state->last_key);
    for (Key key = waiting.first; key <= waiting.last && entries.size() < count_max; ++key) {
      WaitingEntry& entry = entries.emplace_back();
      entry.key = key;
      // What is damaged waits as well, until it is read.
      if (const Place* place = sheaves.place(key); place != nullptr) {
        entry.lane = place->lane;
        entry.bytes = place->bytes;
      }
      deferrals.complete(entry);
    }
  }
  return entries;
}

std::vector<Body> read(Database& database, DestinationId destination, std::span<const Key> keys) {
  const auto state = destination_state(database, destination);
  if (!state.has_value()) return {};
  // In order of keys, so that a sheaf is read once though lanes leave in turns.
  std::vector<std::size_t> order(keys.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::sort(order.begin(), order.end(),
            [keys](std::size_t one, std::size_t other) { return keys[one] < keys[other]; });
  SettledKeys settled(database, destination, state->delivered_through);
  SheafReader sheaves(database, SheafReader::Depth::Whole);
  KeyRange waiting;
  std::vector<Body> bodies(keys.size());
  for (const std::size_t index : order) {
    const Key key = keys[index];
    if (!waiting.contains(key)) waiting = settled.next_waiting(key, state->last_key);
    if (!waiting.contains(key)) continue;
    // It may be there nevertheless, so it waits for a human to mend the file.
    if (const SqliteError* error = sheaves.unreadable(key); error != nullptr) throw *error;
    bodies[index] = {key, sheaves.arrival(key).id, std::string(sheaves.body(key)),
                     sheaves.damage(key)};
  }
  std::erase_if(bodies, [](const Body& body) { return body.key == 0; });  // not a key
  return bodies;
}

namespace {

std::int64_t single(Rows rows) {
  rows.next();
  return rows.integer(0);
}

std::optional<Instant> oldest_waiting(Database& database, SettledKeys& settled, Key last_key) {
  // A range next to the cursor is joined with it, so the key next to it waits if any does.
  const KeyRange first = settled.next_waiting(0, last_key);
  if (first.empty()) return std::nullopt;
  SheafReader sheaves(database, SheafReader::Depth::Places);
  const Place* place = sheaves.place(first.first);
  return place == nullptr ? std::nullopt : std::optional(place->received);
}

}  // namespace

Ledger ledger(Database& database, DestinationId destination) {
  const auto state = destination_state(database, destination);
  if (!state.has_value()) return {};
  SettledKeys settled(database, destination, state->delivered_through);
  // Keys have no gaps, so what lies between the cursor and the latest append waits, save the
  // ranges settled out of order. Neither counter has a part in this.
  const std::int64_t waiting = state->last_key - state->delivered_through -
                               single(database.settled_beyond.query(destination));
  return {.accepted = state->accepted,
          .delivered = state->delivered,
          .already_there = state->already_there,
          .dead_letters = single(database.count_dead_letters.query(destination)),
          .discarded = state->discarded,
          .waiting = waiting,
          .held = settled.count_waiting({state->delivered_through + 1, state->held_through}),
          .queue_bytes = state->body_bytes,
          .oldest_waiting = oldest_waiting(database, settled, state->last_key),
          .blocked = state->blocked};
}

}  // namespace waypost::relay::sqlite
