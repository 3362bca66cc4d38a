#pragma once

#include <optional>
#include <vector>

#include "proxy/store/sqlite/database.hpp"
#include "proxy/store/sqlite/queue_key.hpp"

namespace waypost::relay::sqlite {

struct DestinationState {
  OrganisationId organisation = 0;
  Key delivered_through = 0;
  Key last_key = 0;  // of the organisation
  std::int64_t accepted = 0;
  std::int64_t delivered = 0;
  std::int64_t already_there = 0;
  std::int64_t discarded = 0;
  Key held_through = 0;
  std::optional<delivery::BlockCause> blocked{};
  std::int64_t body_bytes = 0;  // of the organisation
};

// Nothing for a destination that was never registered.
std::optional<DestinationState> destination_state(Database& database, DestinationId destination);

// What one destination has behind it: everything up to a cursor, and ranges beyond it.
class SettledKeys {
 public:
  SettledKeys(Database& database, DestinationId destination, Key delivered_through);

  // The ranges beyond the cursor that have a key in common with `range`, last first.
  std::vector<KeyRange> overlapping(KeyRange range);

  // The parts of `range` that are settled, the cursor's part included.
  std::vector<KeyRange> within(KeyRange range);

  // The first run of keys from `from` to at most `last` that are not settled; may be empty.
  KeyRange next_waiting(Key from, Key last);

  bool contains(Key key);

  // How many keys of `range` are not settled.
  std::int64_t count_waiting(KeyRange range);

 private:
  Database& database_;
  DestinationId destination_;
  Key delivered_through_;
};

}  // namespace waypost::relay::sqlite
