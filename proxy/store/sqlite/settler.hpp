#pragma once

#include "proxy/store/sqlite/database.hpp"
#include "proxy/store/store.hpp"

// Within the caller's transaction. Throws SqliteError.
namespace waypost::relay::sqlite {

// Writes down what a destination's verdicts did.
void settle(Database& database, const Settlement& settlement, Instant now);

// Has behind it, without being counted, what was never for this destination.
void settle_uncounted(Database& database, DestinationId destination, const std::vector<Key>& keys);

void note_block(Database& database, DestinationId destination,
                std::optional<delivery::BlockCause> cause);

}  // namespace waypost::relay::sqlite
