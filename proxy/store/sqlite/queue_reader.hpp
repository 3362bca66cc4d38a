#pragma once

#include <span>
#include <vector>

#include "proxy/store/sqlite/database.hpp"
#include "proxy/store/store.hpp"

// The reading half of the contract in store.hpp. An unknown destination has nothing. Throws
// SqliteError.
namespace waypost::relay::sqlite {

std::vector<WaitingEntry> load(Database& database, DestinationId destination, Key after_key,
                               std::size_t count_max);

std::vector<Body> read(Database& database, DestinationId destination, std::span<const Key> keys);

Ledger ledger(Database& database, DestinationId destination);

}  // namespace waypost::relay::sqlite
