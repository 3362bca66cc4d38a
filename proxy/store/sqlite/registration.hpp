#pragma once

#include <span>
#include <vector>

#include "proxy/store/sqlite/database.hpp"
#include "proxy/store/store.hpp"

// Within the caller's transaction. Throws SqliteError.
namespace waypost::relay::sqlite {

std::vector<RegisteredDestination> register_destinations(Database& database,
                                                         std::span<const DestinationName> names);

// Refused before anything is written.
StoreResult<std::vector<RegisteredDestination>> change_destinations(
    Database& database, std::span<const RunningDestination> running,
    std::span<const DestinationName> names);

std::int64_t release(Database& database, DestinationId destination, const Order& order);

}  // namespace waypost::relay::sqlite
