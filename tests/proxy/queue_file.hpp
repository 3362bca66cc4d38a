#pragma once

#include <cstdint>
#include <filesystem>

#include <sqlite3.h>

#include <boost/test/unit_test.hpp>

namespace waypost::relay {

// For a look into the queue's file, or a change of it, from outside while no store has it open: the
// first number of the first row, or -1.
inline std::int64_t query(const std::filesystem::path& file, const char* sql) {
  sqlite3* connection = nullptr;
  sqlite3_stmt* statement = nullptr;
  BOOST_REQUIRE(sqlite3_open(file.c_str(), &connection) == SQLITE_OK);
  BOOST_REQUIRE_MESSAGE(sqlite3_prepare_v2(connection, sql, -1, &statement, nullptr) == SQLITE_OK,
                        sqlite3_errmsg(connection));
  const bool has_row = sqlite3_step(statement) == SQLITE_ROW;
  const std::int64_t found = has_row ? sqlite3_column_int64(statement, 0) : -1;
  sqlite3_finalize(statement);
  sqlite3_close(connection);
  return found;
}

}  // namespace waypost::relay
