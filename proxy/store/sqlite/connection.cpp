#include "proxy/store/sqlite/connection.hpp"

#include <fcntl.h>
#include <unistd.h>

#include "proxy/store/sqlite/sqlite_error.hpp"
#include "proxy/store/sqlite/statement.hpp"

namespace waypost::relay::sqlite {
namespace {

// SQLite gives the WAL the mode of the main file. An existing file is not opened here: closing it
// again would drop the POSIX locks that another connection of this process holds on it.
void create_private_file(const std::filesystem::path& file) {
  constexpr mode_t kOwnerOnly = 0600;
  const int descriptor = ::open(file.c_str(), O_CREAT | O_EXCL | O_RDWR | O_CLOEXEC, kOwnerOnly);
  if (descriptor >= 0) ::close(descriptor);
}

int remember_wal_pages(void* wal_pages, sqlite3* /*connection*/, const char* /*name*/, int pages) {
  *static_cast<int*>(wal_pages) = pages;
  return SQLITE_OK;
}

}  // namespace

Connection::Connection(const std::filesystem::path& file) {
  create_private_file(file);
  try {
    open(file);
    configure();
  } catch (...) {
    sqlite3_close(handle_);
    throw;
  }
}

Connection::~Connection() {
  sqlite3_close(handle_);
}

void Connection::open(const std::filesystem::path& file) {
  const int flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX;
  const int code = sqlite3_open_v2(file.c_str(), &handle_, flags, disk_.name());
  if (code == SQLITE_OK) return;
  if (handle_ == nullptr) throw SqliteError(code, 0, "opening " + file.string());
  throw SqliteError(handle_, "opening the queue's file");
}

void Connection::configure() {
  sqlite3_extended_result_codes(handle_, 1);
  // Before the first access: the WAL's index is then in our memory, and no other process gets in.
  execute("PRAGMA locking_mode = EXCLUSIVE");
  execute("PRAGMA auto_vacuum = INCREMENTAL");  // counts for a new file only
  execute("PRAGMA journal_mode = WAL");
  execute("PRAGMA synchronous = FULL");
  execute("PRAGMA foreign_keys = ON");
  execute("PRAGMA cell_size_check = ON");
  execute("PRAGMA temp_store = MEMORY");
  execute("PRAGMA cache_size = -8192");             // KiB
  execute("PRAGMA journal_size_limit = 67108864");  // bytes that the WAL keeps when begun anew
  // Zeroes what is deleted where that costs no write of its own.
  execute("PRAGMA secure_delete = FAST");
  // We checkpoint ourselves: SQLite's own hides its errors.
  sqlite3_wal_hook(handle_, remember_wal_pages, &wal_pages_);
  execute("BEGIN IMMEDIATE; COMMIT");  // takes the lock now
}

void Connection::execute(const char* sql) {
  if (sqlite3_exec(handle_, sql, nullptr, nullptr, nullptr) != SQLITE_OK) {
    throw SqliteError(handle_, sql);
  }
}

std::int64_t Connection::integer(const std::string& sql) {
  Statement statement(handle_, sql);
  Rows rows = statement.query();
  return rows.next() ? rows.integer(0) : 0;
}

void Connection::checkpoint() {
  const int code =
      sqlite3_wal_checkpoint_v2(handle_, nullptr, SQLITE_CHECKPOINT_RESTART, nullptr, nullptr);
  if (code != SQLITE_OK) throw SqliteError(handle_, "checkpoint");
  wal_pages_ = 0;
}

void Connection::shrink(int pages_max) {
  execute(("PRAGMA incremental_vacuum(" + std::to_string(pages_max) + ")").c_str());
  checkpoint();
}

Transaction::Transaction(Connection& connection) : connection_(connection) {
  connection_.execute("BEGIN IMMEDIATE");
}

Transaction::~Transaction() {
  // Some errors have rolled back already; then there is no transaction left to end.
  if (sqlite3_get_autocommit(connection_.handle()) != 0) return;
  // If this fails the connection is in an error that the caller already sees, and is reopened.
  sqlite3_exec(connection_.handle(), "ROLLBACK", nullptr, nullptr, nullptr);
}

void Transaction::commit() {
  connection_.execute("COMMIT");
}

}  // namespace waypost::relay::sqlite
