#include "proxy/store/sqlite/forgetter.hpp"

#include <algorithm>
#include <vector>

#include "proxy/store/sqlite/queue_key.hpp"
#include "waypost/limits.hpp"

namespace waypost::relay::sqlite {
namespace {

constexpr Duration kMarkInterval{24LL * 3600 * 1000};

struct Organisation {
  OrganisationId organisation = 0;
  Key forgotten_through = 0;
};

std::vector<Organisation> organisations(Database& database) {
  std::vector<Organisation> found;
  Rows rows = database.forgotten_through.query();
  while (rows.next()) {
    found.push_back({static_cast<OrganisationId>(rows.integer(0)), rows.integer(1)});
  }
  return found;
}

// Up to which key all is delivered long enough.
Key forgettable_through(Database& database, const Organisation& organisation, Instant now) {
  const std::int64_t before_ms = now.ms - limits::kDeliveredIdKeptMs;
  Rows marks = database.mark_older_than.query(organisation.organisation, before_ms);
  return marks.next() ? marks.integer(0) : 0;
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
  KnownIds::Change change(database.known_ids);
  bool more = false;
  for (const Organisation& organisation : organisations(database)) {
    mark_delivered(database, organisation.organisation, now);
    const Key target = forgettable_through(database, organisation, now);
    if (target <= organisation.forgotten_through) continue;
    const Key last = std::min(target, organisation.forgotten_through + static_cast<Key>(count_max));
    database.known_ids.forget(organisation.organisation,
                              {organisation.forgotten_through + 1, last});
    database.set_forgotten_through.execute(organisation.organisation, last);
    if (last == target) database.remove_marks.execute(organisation.organisation, target);
    more = true;
    break;
  }
  transaction.commit();
  change.keep();
  return more;
}

}  // namespace waypost::relay::sqlite
