#include "proxy/store/sqlite/settler.hpp"

#include <algorithm>

#include "proxy/store/sqlite/forgetter.hpp"
#include "proxy/store/sqlite/settled_keys.hpp"

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

  void deliver(const std::vector<Key>& keys) {
    for (const KeyRange run : runs_of(keys, {delivered_through_ + 1, last_key_})) {
      mark_settled(run);
      database_.remove_deferrals.execute(destination_, run.first, run.last);
      remove_bodies(run);
    }
    if (delivered_ > 0) database_.advance.execute(destination_, delivered_through_, delivered_);
  }

  void defer(const std::vector<Deferral>& deferrals) {
    SettledKeys settled(database_, destination_, delivered_through_);
    for (const Deferral& deferral : deferrals) {
      if (deferral.key > last_key_ || settled.contains(deferral.key)) continue;
      database_.defer.execute(destination_, deferral.key, deferral.until.ms);
    }
  }

 private:
  // Joins the run with the ranges it overlaps or touches; what then begins at the cursor moves it.
  void mark_settled(KeyRange run) {
    SettledKeys settled(database_, destination_, delivered_through_);
    KeyRange joined = run;
    std::int64_t newly = run.count();
    for (const KeyRange range : settled.overlapping({run.first - 1, run.last + 1})) {
      const KeyRange known{std::max(run.first, range.first), std::min(run.last, range.last)};
      newly -= known.count();
      joined = {std::min(joined.first, range.first), std::max(joined.last, range.last)};
      database_.remove_range.execute(destination_, range.first);
    }
    delivered_ += newly;
    if (joined.first <= delivered_through_ + 1) {
      delivered_through_ = joined.last;
    } else {
      database_.add_range.execute(destination_, joined.first, joined.last);
    }
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
    for (const KeyRange range : removable) {
      database_.remove_bodies.execute(range.first, range.last);
    }
  }

  Database& database_;
  DestinationId destination_;
  OrganisationId organisation_;
  Key delivered_through_;
  Key last_key_;
  std::int64_t delivered_ = 0;
};

}  // namespace

void settle(Database& database, const Settlement& settlement, Instant now) {
  const auto state = destination_state(database, settlement.destination);
  if (!state.has_value()) return;
  Settler settler(database, settlement.destination, *state);
  settler.deliver(settlement.delivered);
  settler.defer(settlement.deferred);
  mark_delivered(database, state->organisation, now);
}

}  // namespace waypost::relay::sqlite
