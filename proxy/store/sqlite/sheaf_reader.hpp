#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "proxy/store/sqlite/arrival_sheaf.hpp"
#include "proxy/store/sqlite/body_sheaf.hpp"
#include "proxy/store/sqlite/database.hpp"
#include "proxy/store/sqlite/queue_key.hpp"
#include "proxy/store/sqlite/sqlite_error.hpp"

namespace waypost::relay::sqlite {

// Finds entries that wait by their keys, and keeps the sheaf it read last, so that asking for keys
// in order reads each sheaf once. For the length of one call: it sees no change made meanwhile.
// Damage is what it finds and no error of its own; throws SqliteError for the others.
class SheafReader {
 public:
  enum class Depth : std::uint8_t {
    Places,  // the bodies stay where they are
    Whole,
  };

  SheafReader(Database& database, Depth depth) : database_(database), depth_(depth) {}

  // What these return lives until the next call.

  // Nothing where the sheaf is damaged.
  const Place* place(Key key);

  // What was found instead of what was written; empty where nothing was. Whole.
  std::string damage(Key key);

  // Why SQLite itself cannot read the sheaf, whose bytes may be there nevertheless.
  const SqliteError* unreadable(Key key);

  // Of a damaged sheaf all its bodies, as far as they can be read. Whole.
  std::string_view body(Key key);

  // Of a damaged one nothing but zeros where it cannot be read. Whole.
  Arrival arrival(Key key);

  // Of the bodies of these keys, which lie in one sheaf that has so many in all. Where nobody knows
  // which is how long, they share them evenly.
  std::int64_t bytes_of(KeyRange keys, KeyRange sheaf, std::int64_t sheaf_bytes);

 private:
  void turn_to(Key key);
  void read(Key key);
  void take(Rows& rows);

  std::size_t index_of(Key key) const { return static_cast<std::size_t>(key - keys_.first); }

  Database& database_;
  Depth depth_;
  KeyRange keys_;  // of the sheaf that was read last; of a damaged one, the key asked for
  std::string packed_places_;
  std::vector<Place> places_;
  std::string bodies_;
  std::string checksums_;
  std::string arrivals_;
  std::string damage_;  // of the sheaf
  std::optional<SqliteError> unreadable_;
};

}  // namespace waypost::relay::sqlite
