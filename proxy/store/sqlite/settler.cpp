#include "proxy/store/sqlite/settler.hpp"

#include <algorithm>

#include "proxy/store/sqlite/forgetter.hpp"
#include "proxy/store/sqlite/settled_keys.hpp"
#include "proxy/store/sqlite/sqlite_error.hpp"

namespace waypost::relay::sqlite {
namespace {

// The keys as runs without gaps, in order, those outside `bounds` left out.
std::vector<KeyRange> runs_of(std::vector<Key> keys, KeyRange bounds) {
  std::sort(keys.begin(), keys.end());
  std::vector<KeyRange> runs;
  for (const Key key : keys) {
    if (key < bounds.first || key > bounds.last) continue;
    if (!runs.empty() && key <= runs.back().last + 1) {
      runs.back().last = key;
    } else {
      runs.push_back({key, key});
    }
  }
  return runs;
}

// One settlement of one destination, run by run.
class Settler {
 public:
  Settler(Database& database, DestinationId destination, const DestinationState& state)
      : database_(database),
        destination_(destination),
        organisation_(state.organisation),
        delivered_through_(state.delivered_through),
        last_key_(state.last_key) {}

  // How many of the keys are settled now that were not before.
  std::int64_t settle(const std::vector<Key>& keys) {
    std::int64_t newly = 0;
    for (const KeyRange run : runs_of(keys, {delivered_through_ + 1, last_key_})) {
      newly += mark_settled(run);
      database_.remove_deferrals.execute(destination_, run.first, run.last);
      remove_bodies(run);
    }
    return newly;
  }

  void bury(const Burial& burial) {
    const bool was_given = burial.key <= last_key_;
    if (!was_given || SettledKeys(database_, destination_, delivered_through_).contains(burial.key))
      return;
    const std::int64_t copied =
        database_.bury.execute(destination_, burial.key, static_cast<std::int64_t>(burial.reason),
                               std::int64_t{burial.status}, burial.attempts, burial.at.ms);
    if (copied != 1) throw SqliteError(SQLITE_CORRUPT, 0, "an entry waits and has no body");
    database_.bury_content.execute(burial.key, std::string_view(burial.words));
    settle({burial.key});
  }

  void defer(const std::vector<Deferral>& deferrals) {
    SettledKeys settled(database_, destination_, delivered_through_);
    for (const Deferral& deferral : deferrals) {
      if (deferral.key > last_key_ || settled.contains(deferral.key)) continue;
      database_.defer.execute(destination_, deferral.key, deferral.until.ms);
    }
  }

  void write_counts(std::int64_t delivered, std::int64_t already_there) {
    if (!has_settled_) return;
    database_.advance.execute(destination_, delivered_through_, delivered, already_there);
  }

 private:
  // Joins the run with the ranges it overlaps or touches; what then begins at the cursor moves it.
  std::int64_t mark_settled(KeyRange run) {
    SettledKeys settled(database_, destination_, delivered_through_);
    KeyRange joined = run;
    std::int64_t newly = run.count();
    for (const KeyRange range : settled.overlapping({run.first - 1, run.last + 1})) {
      const KeyRange known{std::max(run.first, range.first), std::min(run.last, range.last)};
      newly -= known.count();
      joined = {std::min(joined.first, range.first), std::max(joined.last, range.last)};
      database_.remove_range.execute(destination_, range.first);
    }
    has_settled_ = has_settled_ || newly > 0;
    if (joined.first <= delivered_through_ + 1) {
      delivered_through_ = joined.last;
    } else {
      database_.add_range.execute(destination_, joined.first, joined.last);
    }
    return newly;
  }

  // A body leaves when every destination of the organisation has settled its key.
  void remove_bodies(KeyRange run) {
    std::vector<KeyRange> removable{run};
    Rows others = database_.other_destinations.query(organisation_, destination_);
    while (others.next()) {
      SettledKeys settled(database_, static_cast<DestinationId>(others.integer(0)),
                          others.integer(1));
      std::vector<KeyRange> by_both;
      for (const KeyRange range : removable) {
        const std::vector<KeyRange> parts = settled.within(range);
        by_both.insert(by_both.end(), parts.begin(), parts.end());
      }
      removable = std::move(by_both);
    }
    std::int64_t bytes = 0;
    for (const KeyRange range : removable) {
      bytes += bytes_of_bodies(range);
      database_.remove_bodies.execute(range.first, range.last);
    }
    if (bytes > 0) database_.count_removed_bytes.execute(organisation_, bytes);
  }

  std::int64_t bytes_of_bodies(KeyRange range) {
    Rows rows = database_.bytes_of_bodies.query(range.first, range.last);
    rows.next();
    return rows.integer(0);
  }

  Database& database_;
  DestinationId destination_;
  OrganisationId organisation_;
  Key delivered_through_;
  Key last_key_;
  bool has_settled_ = false;
};

}  // namespace

void settle(Database& database, const Settlement& settlement, Instant now) {
  const auto state = destination_state(database, settlement.destination);
  if (!state.has_value()) return;
  Settler settler(database, settlement.destination, *state);
  const std::int64_t delivered = settler.settle(settlement.delivered);
  const std::int64_t already_there = settler.settle(settlement.already_there);
  for (const Burial& burial : settlement.buried) settler.bury(burial);
  settler.defer(settlement.deferred);
  settler.write_counts(delivered, already_there);
  if (settlement.block.has_value()) {
    note_block(database, settlement.destination, settlement.block->cause);
  }
  mark_delivered(database, state->organisation, now);
}

void settle_uncounted(Database& database, DestinationId destination, const std::vector<Key>& keys) {
  const auto state = destination_state(database, destination);
  if (!state.has_value()) return;
  Settler settler(database, destination, *state);
  settler.settle(keys);
  settler.write_counts(0, 0);
}

void note_block(Database& database, DestinationId destination,
                std::optional<delivery::BlockCause> cause) {
  if (cause.has_value()) {
    database.note_block.execute(destination, static_cast<std::int64_t>(*cause));
  } else {
    database.note_block.execute(destination, nullptr);
  }
}

}  // namespace waypost::relay::sqlite
