#include "proxy/store/sqlite/sqlite_error.hpp"

#include <cerrno>

namespace waypost::relay::sqlite {

SqliteError::SqliteError(sqlite3* connection, const char* doing)
    : SqliteError(sqlite3_extended_errcode(connection), sqlite3_system_errno(connection),
                  std::string(doing) + ": " + sqlite3_errmsg(connection)) {}

SqliteError::SqliteError(int extended_code, int system_error, const std::string& message)
    : std::runtime_error(message + " (SQLite " + std::to_string(extended_code) + ")"),
      extended_code_(extended_code),
      system_error_(system_error) {}

bool SqliteError::is_storage_full() const {
  const bool disk_says_so = system_error_ == ENOSPC || system_error_ == EDQUOT;
  return primary_code() == SQLITE_FULL || (primary_code() == SQLITE_IOERR && disk_says_so);
}

bool SqliteError::must_reopen() const {
  return primary_code() == SQLITE_IOERR;
}

bool SqliteError::is_damage() const {
  return primary_code() == SQLITE_CORRUPT;
}

bool SqliteError::is_locked_by_another() const {
  return primary_code() == SQLITE_BUSY;
}

StoreError SqliteError::store_error() const {
  return {is_storage_full() ? ErrorCode::StorageFull : ErrorCode::StorageFailed, what()};
}

}  // namespace waypost::relay::sqlite
