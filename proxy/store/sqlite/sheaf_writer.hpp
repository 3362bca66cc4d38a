#pragma once

#include <span>
#include <string>

#include "proxy/store/sqlite/database.hpp"
#include "proxy/store/store.hpp"

namespace waypost::relay::sqlite {

struct SheafEntry {
  const NewEntry* entry = nullptr;
  Instant received;
};

// Puts entries with keys in a row into sheaves, bounded by limits::kSheafEntriesMax and
// kSheafBytesMax: whoever wants one of them reads its sheaf. Within the caller's transaction.
// Throws SqliteError.
class SheafWriter {
 public:
  explicit SheafWriter(Database& database) : database_(database) {}

  // The first entry has the key `first`.
  void write(Key first, std::span<const SheafEntry> entries);

 private:
  void write_one(Key first, std::span<const SheafEntry> entries);

  Database& database_;
  std::string arrivals_;
  std::string places_;
  std::string checksums_;
  std::string bodies_;
};

}  // namespace waypost::relay::sqlite
