#include "proxy/store/sqlite/queue_reader.hpp"

#include <algorithm>

#include "proxy/store/sqlite/settled_keys.hpp"

namespace waypost::relay::sqlite {

std::vector<WaitingEntry> load(Database& database, DestinationId destination, Key after_key,
                               std::size_t count_max) {
  std::vector<WaitingEntry> entries;
  const auto state = destination_state(database, destination);
  if (!state.has_value()) return entries;
  SettledKeys settled(database, destination, state->delivered_through);
  const Key before_all = key_before_all(state->organisation);
  Key from = std::max({after_key, before_all, state->held_through}) + 1;
  while (entries.size() < count_max && from <= state->last_key) {
    const KeyRange waiting = settled.next_waiting(from, state->last_key);
    if (waiting.empty()) break;
    Rows rows =
        database.waiting_in_range.query(destination, waiting.first, waiting.last,
                                        static_cast<std::int64_t>(count_max - entries.size()));
    while (rows.next()) {
      entries.push_back({.key = rows.integer(0),
                         .lane = std::string(rows.text(1)),
                         .bytes = static_cast<std::uint32_t>(rows.integer(2)),
                         .attempts = static_cast<std::uint32_t>(rows.integer(3)),
                         .next_at = {rows.integer(4)}});
    }
    from = waiting.last + 1;
  }
  return entries;
}

std::vector<Body> read(Database& database, DestinationId destination, std::span<const Key> keys) {
  std::vector<Body> bodies;
  const auto state = destination_state(database, destination);
  if (!state.has_value()) return bodies;
  SettledKeys settled(database, destination, state->delivered_through);
  bodies.reserve(keys.size());
  for (const Key key : keys) {
    if (key > state->last_key || settled.contains(key)) continue;
    Rows rows = database.read_body.query(key);
    if (!rows.next()) continue;
    bodies.push_back({.key = key, .id = rows.uuid(0), .bytes = std::string(rows.text(1))});
  }
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
  Rows rows = database.received_ms.query(first.first);
  return rows.next() ? std::optional(Instant{rows.integer(0)}) : std::nullopt;
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
