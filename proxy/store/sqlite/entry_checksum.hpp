#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "proxy/store/sqlite/queue_key.hpp"
#include "proxy/store/sqlite/statement.hpp"

// The layout of body_sheaf.checksums: a CRC-32C for each entry, in order, the low byte first.
namespace waypost::relay::sqlite {

// All that the queue's file says of an entry.
struct StoredEntry {
  Key key = 0;
  Instant received;
  Bytes arrival;  // as packed in its sheaf
  std::string_view lane;
  std::string_view body;
};

std::uint32_t checksum_of(const StoredEntry& entry);

// Adds the next entry to a sheaf that is being made.
void pack_checksum(std::string& packed, std::uint32_t checksum);

constexpr std::size_t checksum_bytes(std::size_t entries) {
  return entries * sizeof(std::uint32_t);
}

// Of the entry at this place, which must be there.
std::uint32_t unpack_checksum(std::string_view packed, std::size_t index);

}  // namespace waypost::relay::sqlite
