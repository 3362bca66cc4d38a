#include "proxy/store/sqlite/settler.hpp"

#include <algorithm>
#include <set>

#include "proxy/store/sqlite/body_removal.hpp"
#include "proxy/store/sqlite/forgetter.hpp"
#include "proxy/store/sqlite/settled_keys.hpp"
#include "proxy/store/sqlite/sheaf_reader.hpp"

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
        bodies_(database, state.organisation, destination),
        delivered_through_(state.delivered_through),
        last_key_(state.last_key) {}

  // How many of the keys are settled now that were not before.
  std::int64_t settle(const std::vector<Key>& keys) {
    std::int64_t count = 0;
    for (KeyRange run : runs_of(keys, {delivered_through_ + 1, last_key_})) {
      // The runs before may have moved the cursor past keys that were settled long ago.
      run.first = std::max(run.first, delivered_through_ + 1);
      if (run.empty()) continue;
      const std::vector<KeyRange> newly = mark_settled(run);
      for (const KeyRange range : newly) count += range.count();
      database_.remove_deferrals.execute(destination_, run.first, run.last);
      SettledKeys settled(database_, destination_, delivered_through_);
      bodies_.remove(settled, newly);
    }
    return count;
  }

  void bury(const std::vector<Burial>& burials) {
    SettledKeys settled(database_, destination_, delivered_through_);
    SheafReader reader(database_, SheafReader::Depth::Whole);
    std::set<Key> keys;
    for (const Burial& burial : burials) {
      if (burial.key > last_key_ || settled.contains(burial.key)) continue;
      if (keys.insert(burial.key).second) copy(burial, reader);
    }
    settle({keys.begin(), keys.end()});
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
  void copy(const Burial& burial, SheafReader& reader) {
    const Arrival arrival = reader.arrival(burial.key);
    const Place* place = reader.place(burial.key);
    database_.bury.execute(destination_, arrival.id, Bytes(arrival.fingerprint),
                           Bytes(arrival.meaning), static_cast<std::int64_t>(burial.reason),
                           std::int64_t{burial.status}, burial.attempts,
                           (place == nullptr ? burial.at : place->received).ms, burial.at.ms,
                           place == nullptr ? std::string_view() : place->lane);
    database_.bury_content.execute(std::string_view(burial.words),
                                   bytes_of_text(reader.body(burial.key)));
  }

  // Joins the run with the ranges it overlaps or touches; what then begins at the cursor moves it.
  // Returns the parts of the run that were not settled before, last first.
  std::vector<KeyRange> mark_settled(KeyRange run) {
    SettledKeys settled(database_, destination_, delivered_through_);
    KeyRange joined = run;
    std::vector<KeyRange> newly;
    Key last = run.last;
    for (const KeyRange range : settled.overlapping({run.first - 1, run.last + 1})) {
      if (range.last < last) newly.push_back({range.last + 1, last});
      last = std::min(last, range.first - 1);
      joined = {std::min(joined.first, range.first), std::max(joined.last, range.last)};
      database_.remove_range.execute(destination_, range.first);
    }
    if (run.first <= last) newly.push_back({run.first, last});
    has_settled_ = has_settled_ || !newly.empty();
    if (joined.first <= delivered_through_ + 1) {
      delivered_through_ = joined.last;
    } else {
      database_.add_range.execute(destination_, joined.first, joined.last);
    }
    return newly;
  }

  Database& database_;
  DestinationId destination_;
  BodyRemoval bodies_;
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
  settler.bury(settlement.buried);
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
