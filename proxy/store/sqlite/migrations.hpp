#pragma once

#include "proxy/store/sqlite/connection.hpp"

namespace waypost::relay::sqlite {

// Brings the file's schema forward to ours (proxy/store/migrations/*.sql), each step in one
// transaction. Throws SqliteError, also for a file that is not ours or that a newer Waypost made.
void migrate(Connection& connection);

}  // namespace waypost::relay::sqlite
