#include "proxy/store/sqlite/settled_keys.hpp"

#include <algorithm>

namespace waypost::relay::sqlite {

std::optional<DestinationState> destination_state(Database& database, DestinationId destination) {
  Rows rows = database.destination_state.query(destination);
  if (!rows.next()) return std::nullopt;
  std::optional<delivery::BlockCause> blocked;
  if (!rows.is_null(8)) blocked = static_cast<delivery::BlockCause>(rows.integer(8));
  return DestinationState{.organisation = static_cast<OrganisationId>(rows.integer(0)),
                          .delivered_through = rows.integer(1),
                          .last_key = rows.integer(2),
                          .accepted = rows.integer(3),
                          .delivered = rows.integer(4),
                          .already_there = rows.integer(5),
                          .discarded = rows.integer(6),
                          .held_through = rows.integer(7),
                          .blocked = blocked,
                          .body_bytes = rows.integer(9)};
}

SettledKeys::SettledKeys(Database& database, DestinationId destination, Key delivered_through)
    : database_(database), destination_(destination), delivered_through_(delivered_through) {}

std::vector<KeyRange> SettledKeys::overlapping(KeyRange range) {
  std::vector<KeyRange> found;
  Rows rows = database_.ranges_touching.query(destination_, range.last);
  while (rows.next()) {
    const KeyRange settled{rows.integer(0), rows.integer(1)};
    if (settled.last < range.first) break;
    found.push_back(settled);
  }
  return found;
}

std::vector<KeyRange> SettledKeys::within(KeyRange range) {
  std::vector<KeyRange> parts;
  const KeyRange passed{range.first, std::min(range.last, delivered_through_)};
  if (!passed.empty()) parts.push_back(passed);
  const KeyRange beyond{std::max(range.first, delivered_through_ + 1), range.last};
  if (beyond.empty()) return parts;
  for (const KeyRange settled : overlapping(beyond)) {
    parts.push_back({std::max(settled.first, beyond.first), std::min(settled.last, beyond.last)});
  }
  return parts;
}

KeyRange SettledKeys::next_waiting(Key from, Key last) {
  KeyRange waiting{std::max(from, delivered_through_ + 1), last};
  {
    Rows rows = database_.range_at_or_before.query(destination_, waiting.first);
    if (rows.next()) waiting.first = std::max(waiting.first, rows.integer(0) + 1);
  }
  Rows rows = database_.range_after.query(destination_, waiting.first);
  if (rows.next()) waiting.last = std::min(waiting.last, rows.integer(0) - 1);
  return waiting;
}

bool SettledKeys::contains(Key key) {
  if (key <= delivered_through_) return true;
  Rows rows = database_.range_at_or_before.query(destination_, key);
  return rows.next() && rows.integer(0) >= key;
}

std::int64_t SettledKeys::count_waiting(KeyRange range) {
  std::int64_t count = range.count();
  for (const KeyRange settled : within(range)) count -= settled.count();
  return count;
}

}  // namespace waypost::relay::sqlite
