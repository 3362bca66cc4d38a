#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "proxy/store/sqlite/queue_key.hpp"
#include "proxy/store/store.hpp"

namespace waypost::relay::sqlite {

// Where an entry lies in the bodies of its sheaf, and what is said beside them.
struct Place {
  Instant received;
  std::string_view lane;
  std::size_t offset = 0;
  std::uint32_t bytes = 0;
};

// The layout of body_sheaf.contents: one place for each entry, in order. What is packed must
// outlive the places.
//
// Throws SqliteError (SQLITE_CORRUPT) unless it tells of exactly `entries` bodies that have
// `bodies_bytes` together.
std::vector<Place> unpack_places(std::string_view packed, std::int64_t entries,
                                 std::size_t bodies_bytes);

// Adds the next entry to a sheaf that is being made.
void pack_place(std::string& packed, const NewEntry& entry, Instant received);

}  // namespace waypost::relay::sqlite
