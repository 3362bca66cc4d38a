#pragma once

#include "proxy/store/sqlite/database.hpp"
#include "proxy/store/store.hpp"

namespace waypost::relay::sqlite {

// Writes down what a destination's verdicts did, within the caller's transaction. Throws
// SqliteError.
void settle(Database& database, const Settlement& settlement, Instant now);

}  // namespace waypost::relay::sqlite
