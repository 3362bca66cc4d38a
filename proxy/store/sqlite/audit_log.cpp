#include "proxy/store/sqlite/audit_log.hpp"

namespace waypost::relay::sqlite {
namespace {

// An empty blob stands for no id, and is stored as NULL.
Bytes bytes_of(const std::optional<Uuid>& id) {
  return id.has_value() ? Bytes(id->bytes) : Bytes();
}

std::optional<Uuid> id_of(const Rows& rows, int column) {
  return rows.is_null(column) ? std::nullopt : std::optional(rows.uuid(column));
}

}  // namespace

void write_audit(Database& database, const AuditEntry& entry, const Order& order) {
  Statement insert(database.connection.handle(),
                   "INSERT INTO audit (at_ms, who, what, organisation, url, entries, selection,"
                   " why, old_id, new_id)"
                   " SELECT ?1, ?2, ?3, name, url, ?5, ?6, ?7, nullif(?8, x''), nullif(?9, x'')"
                   " FROM destination JOIN organisation USING (organisation)"
                   " WHERE destination = ?4");
  insert.execute(order.at.ms, std::string_view(order.who), entry.what, entry.destination,
                 entry.entries, std::string_view(order.selection), std::string_view(order.why),
                 bytes_of(entry.old_id), bytes_of(entry.new_id));
}

std::vector<AuditRecord> read_audit(Database& database, std::int64_t after, std::size_t count_max) {
  Statement select(database.connection.handle(),
                   "SELECT audit, at_ms, who, what, organisation, url, entries, selection, why,"
                   " old_id, new_id FROM audit WHERE audit > ?1 ORDER BY audit LIMIT ?2");
  std::vector<AuditRecord> records;
  Rows rows = select.query(after, static_cast<std::int64_t>(count_max));
  while (rows.next()) {
    records.push_back({.audit = rows.integer(0),
                       .order = {.at = {rows.integer(1)},
                                 .who = std::string(rows.text(2)),
                                 .selection = std::string(rows.text(7)),
                                 .why = std::string(rows.text(8))},
                       .what = std::string(rows.text(3)),
                       .organisation = std::string(rows.text(4)),
                       .url = std::string(rows.text(5)),
                       .entries = rows.integer(6),
                       .old_id = id_of(rows, 9),
                       .new_id = id_of(rows, 10)});
  }
  return records;
}

}  // namespace waypost::relay::sqlite
