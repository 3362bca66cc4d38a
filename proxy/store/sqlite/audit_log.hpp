#pragma once

#include <optional>
#include <string_view>
#include <vector>

#include "proxy/store/dead_letters.hpp"
#include "proxy/store/sqlite/database.hpp"

// What humans ordered: only ever added to. Throws SqliteError.
namespace waypost::relay::sqlite {

struct AuditEntry {
  std::string_view what;
  DestinationId destination = 0;
  std::int64_t entries = 0;
  std::optional<Uuid> old_id{};
  std::optional<Uuid> new_id{};
};

// Within the caller's transaction.
void write_audit(Database& database, const AuditEntry& entry, const Order& order);

std::vector<AuditRecord> read_audit(Database& database, std::int64_t after, std::size_t count_max);

}  // namespace waypost::relay::sqlite
