#pragma once

#include <stdexcept>
#include <string>

#include <sqlite3.h>

#include "proxy/store/store.hpp"

namespace waypost::relay::sqlite {

// What SQLite refused. Thrown inside this folder only; SqliteStore turns it into a StoreError.
class SqliteError : public std::runtime_error {
 public:
  // Reads the connection's last error; `doing` says what we were about.
  SqliteError(sqlite3* connection, const char* doing);
  SqliteError(int extended_code, int system_error, const std::string& message);

  bool is_storage_full() const;

  // The disk failed: an fsync that failed must not be tried again, for the kernel may have marked
  // as clean what it could not write.
  bool must_reopen() const;

  bool is_locked_by_another() const;

  // The file holds something else than what was written there.
  bool is_damage() const;

  StoreError store_error() const;

 private:
  int primary_code() const { return extended_code_ & 0xff; }

  int extended_code_;
  int system_error_;
};

}  // namespace waypost::relay::sqlite
