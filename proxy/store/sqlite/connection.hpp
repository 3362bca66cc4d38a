#pragma once

#include <filesystem>
#include <string>

#include <sqlite3.h>

#include "proxy/store/sqlite/gathering_disk.hpp"

namespace waypost::relay::sqlite {

// The one connection to the queue's file: WAL, synchronous=FULL, locked against every other process
// for as long as it is open. Throws SqliteError.
class Connection {
 public:
  // Creates the file, readable by its owner alone, where there is none.
  explicit Connection(const std::filesystem::path& file);
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;
  ~Connection();

  sqlite3* handle() const { return handle_; }

  void execute(const char* sql);
  std::int64_t integer(const std::string& sql);

  // Pages that committed transactions have put into the WAL since it was last begun anew.
  int wal_pages() const { return wal_pages_; }

  // Moves the WAL's pages into the main file, so that the WAL can be begun anew.
  void checkpoint();

  // Gives up to so many pages that hold nothing any more back to the file system.
  void shrink(int pages_max);

 private:
  void open(const std::filesystem::path& file);
  void configure();

  GatheringDisk disk_;
  sqlite3* handle_ = nullptr;
  int wal_pages_ = 0;
};

// Rolls back at the end of its life unless committed.
class Transaction {
 public:
  explicit Transaction(Connection& connection);
  Transaction(const Transaction&) = delete;
  Transaction& operator=(const Transaction&) = delete;
  ~Transaction();

  // On disk past an fdatasync when it returns. When it throws the transaction is rolled back.
  void commit();

 private:
  Connection& connection_;
};

}  // namespace waypost::relay::sqlite
