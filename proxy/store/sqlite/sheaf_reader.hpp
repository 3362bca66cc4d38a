#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "proxy/store/sqlite/arrival_sheaf.hpp"
#include "proxy/store/sqlite/body_sheaf.hpp"
#include "proxy/store/sqlite/database.hpp"
#include "proxy/store/sqlite/queue_key.hpp"

namespace waypost::relay::sqlite {

// Finds entries that wait by their keys, and keeps the sheaf it read last, so that asking for keys
// in order reads each sheaf once. For the length of one call: it sees no change made meanwhile.
// Throws SqliteError, also (SQLITE_CORRUPT) for a key that lies in no sheaf.
class SheafReader {
 public:
  enum class Depth : std::uint8_t {
    Places,  // the bodies stay where they are
    Whole,
  };

  SheafReader(Database& database, Depth depth) : database_(database), depth_(depth) {}

  // What these return lives until the next call.
  const Place& place(Key key);
  std::string_view body(Key key);  // Whole
  Arrival arrival(Key key);        // Whole

  // Of the bodies of these keys.
  std::int64_t bytes_of(KeyRange keys);

 private:
  void turn_to(Key key);

  Database& database_;
  Depth depth_;
  KeyRange keys_;  // of the sheaf that was read last; empty before the first
  std::string packed_places_;
  std::vector<Place> places_;
  std::string bodies_;
  std::string arrivals_;
};

}  // namespace waypost::relay::sqlite
