#include "proxy/store/sqlite/forgetter.hpp"

#include <optional>
#include <vector>

#include "proxy/store/sqlite/queue_key.hpp"
#include "waypost/limits.hpp"

namespace waypost::relay::sqlite {
namespace {

constexpr Duration kMarkInterval{24LL * 3600 * 1000};

// A walk through an organisation's ids that forgets those of keys up to `through`.
struct Pass {
  OrganisationId organisation = 0;
  Key through = 0;
  std::vector<std::uint8_t> after;  // the last id looked at; empty at the start
};

std::vector<OrganisationId> organisations(Database& database) {
  std::vector<OrganisationId> found;
  Rows rows = database.forgetting_state.query();
  while (rows.next()) found.push_back(static_cast<OrganisationId>(rows.integer(0)));
  return found;
}

// The pass under way, else one that a mark has become old enough for, else nothing.
std::optional<Pass> find_pass(Database& database, Instant now) {
  Rows rows = database.forgetting_state.query();
  while (rows.next()) {
    Pass pass;
    pass.organisation = static_cast<OrganisationId>(rows.integer(0));
    if (!rows.is_null(2)) {
      pass.through = rows.integer(2);
      const Bytes after = rows.bytes(3);
      pass.after.assign(after.begin(), after.end());
      return pass;
    }
    const std::int64_t before_ms = now.ms - limits::kDeliveredIdKeptMs;
    Rows marks = database.mark_older_than.query(pass.organisation, before_ms);
    if (!marks.next()) continue;
    pass.through = marks.integer(0);
    if (pass.through > rows.integer(1)) return pass;
  }
  return std::nullopt;
}

void step(Database& database, Pass& pass, std::size_t count_max) {
  std::vector<Uuid> forgotten;
  std::size_t seen = 0;
  {
    const std::vector<std::uint8_t> after = pass.after;
    Rows rows = database.ids_after.query(pass.organisation, Bytes(after),
                                         static_cast<std::int64_t>(count_max));
    for (; rows.next(); ++seen) {
      const Uuid id = rows.uuid(0);
      if (rows.integer(1) <= pass.through) forgotten.push_back(id);
      pass.after.assign(id.bytes.begin(), id.bytes.end());
    }
  }
  for (const Uuid& id : forgotten) database.remove_id.execute(pass.organisation, id);
  if (seen == count_max) {
    database.set_forgetting.execute(pass.organisation, pass.through, Bytes(pass.after));
  } else {
    database.end_forgetting.execute(pass.organisation, pass.through);
    database.remove_marks.execute(pass.organisation, pass.through);
  }
}

}  // namespace

void mark_delivered(Database& database, OrganisationId organisation, Instant now) {
  Key through = 0;
  {
    Rows rows = database.delivered_everywhere.query(organisation);
    rows.next();
    through = rows.integer(0);
  }
  if (through <= key_before_all(organisation)) return;
  {
    Rows rows = database.latest_mark.query(organisation);
    if (rows.next()) {
      const bool is_recent = now - Instant{rows.integer(0)} < kMarkInterval;
      if (is_recent || rows.integer(1) >= through) return;
    }
  }
  database.add_mark.execute(organisation, now.ms, through);
}

bool forget_delivered_ids(Database& database, Instant now, std::size_t count_max) {
  Transaction transaction(database.connection);
  for (const OrganisationId organisation : organisations(database)) {
    mark_delivered(database, organisation, now);
  }
  std::optional<Pass> pass = find_pass(database, now);
  if (pass.has_value()) step(database, *pass, count_max);
  transaction.commit();
  return pass.has_value();
}

}  // namespace waypost::relay::sqlite
