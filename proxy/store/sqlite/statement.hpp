#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <string_view>

#include <sqlite3.h>

#include "waypost/uuid.hpp"

namespace waypost::relay::sqlite {

using Bytes = std::span<const std::uint8_t>;

// What is bound as it is, and not as a text.
inline Bytes bytes_of_text(std::string_view text) {
  return {reinterpret_cast<const std::uint8_t*>(text.data()), text.size()};
}

// The rows of one run of a statement. Texts and bytes read from it live until next() or the end.
class Rows {
 public:
  explicit Rows(sqlite3_stmt* statement) : statement_(statement) {}

  Rows(const Rows&) = delete;
  Rows& operator=(const Rows&) = delete;

  ~Rows() { sqlite3_reset(statement_); }  // what it returns was thrown by next() already

  bool next();

  std::int64_t integer(int column) const { return sqlite3_column_int64(statement_, column); }

  bool is_null(int column) const { return sqlite3_column_type(statement_, column) == SQLITE_NULL; }

  std::string_view text(int column) const;
  Bytes bytes(int column) const;
  Uuid uuid(int column) const;

 private:
  sqlite3_stmt* statement_;
};

// A prepared statement. Not thread-safe; one Rows of it at a time.
class Statement {
 public:
  Statement(sqlite3* connection, std::string_view sql);
  Statement(const Statement&) = delete;
  Statement& operator=(const Statement&) = delete;

  ~Statement() { sqlite3_finalize(statement_); }

  // Binds the values to ?1, ?2, ... Texts and bytes must outlive the rows.
  template <typename... Values>
  Rows query(const Values&... values) {
    int index = 0;
    (bind(++index, values), ...);
    return Rows(statement_);
  }

  // Runs a statement that returns no row. Returns how many rows it changed.
  template <typename... Values>
  std::int64_t execute(const Values&... values) {
    query(values...).next();
    return sqlite3_changes64(sqlite3_db_handle(statement_));
  }

 private:
  void bind(int index, std::int64_t value);

  void bind(int index, std::uint32_t value) { bind(index, std::int64_t{value}); }

  void bind(int index, std::string_view text);
  void bind(int index, Bytes bytes);

  void bind(int index, const Uuid& id) { bind(index, Bytes(id.bytes)); }

  void bind(int index, std::nullptr_t);

  sqlite3_stmt* statement_ = nullptr;
};

}  // namespace waypost::relay::sqlite
