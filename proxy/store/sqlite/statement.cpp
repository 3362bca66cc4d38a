#include "proxy/store/sqlite/statement.hpp"

#include <algorithm>

#include "proxy/store/sqlite/sqlite_error.hpp"

namespace waypost::relay::sqlite {
namespace {

void check_bound(sqlite3_stmt* statement, int code) {
  if (code != SQLITE_OK) throw SqliteError(sqlite3_db_handle(statement), "binding a value");
}

}  // namespace

bool Rows::next() {
  const int code = sqlite3_step(statement_);
  if (code == SQLITE_ROW) return true;
  if (code == SQLITE_DONE) return false;
  throw SqliteError(sqlite3_db_handle(statement_), "running a statement");
}

std::string_view Rows::text(int column) const {
  const Bytes found = bytes(column);
  return {reinterpret_cast<const char*>(found.data()), found.size()};
}

Bytes Rows::bytes(int column) const {
  const auto* data = static_cast<const std::uint8_t*>(sqlite3_column_blob(statement_, column));
  return {data, static_cast<std::size_t>(sqlite3_column_bytes(statement_, column))};
}

Uuid Rows::uuid(int column) const {
  Uuid id;
  const Bytes found = bytes(column);
  if (found.size() != id.bytes.size()) {
    throw SqliteError(SQLITE_CORRUPT, 0, "an id that is not 16 bytes");
  }
  std::copy(found.begin(), found.end(), id.bytes.begin());
  return id;
}

Statement::Statement(sqlite3* connection, std::string_view sql) {
  const int code = sqlite3_prepare_v3(connection, sql.data(), static_cast<int>(sql.size()),
                                      SQLITE_PREPARE_PERSISTENT, &statement_, nullptr);
  if (code != SQLITE_OK) throw SqliteError(connection, "preparing a statement");
}

void Statement::bind(int index, std::int64_t value) {
  check_bound(statement_, sqlite3_bind_int64(statement_, index, value));
}

void Statement::bind(int index, std::string_view text) {
  // A null pointer would be bound as NULL, which an empty text is not.
  const char* data = text.data() == nullptr ? "" : text.data();
  check_bound(statement_, sqlite3_bind_text64(statement_, index, data, text.size(), SQLITE_STATIC,
                                              SQLITE_UTF8));
}

void Statement::bind(int index, Bytes bytes) {
  const void* data = bytes.data() == nullptr ? "" : static_cast<const void*>(bytes.data());
  check_bound(statement_,
              sqlite3_bind_blob64(statement_, index, data, bytes.size(), SQLITE_STATIC));
}

void Statement::bind(int index, std::nullptr_t) {
  check_bound(statement_, sqlite3_bind_null(statement_, index));
}

}  // namespace waypost::relay::sqlite
