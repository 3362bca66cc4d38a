#include "proxy/store/sqlite/known_ids.hpp"

#include <algorithm>

#include "proxy/store/sqlite/sqlite_error.hpp"

namespace waypost::relay::sqlite {
namespace {

// More than one for each new entry, so that a walk ends before as many new ids have come.
constexpr std::size_t kIndexedPerEntry = 3;
constexpr std::size_t kIndexedTogetherMin = 64;

}  // namespace

KnownIds::KnownIds(Connection& connection, const SqliteTuning& tuning)
    : unindexed_max_(tuning.unindexed_ids_max),
      index_(connection, tuning),
      sheaf_of_(connection.handle(),
                "SELECT first_key, arrivals FROM arrival_sheaf"
                " WHERE first_key <= ?1 ORDER BY first_key DESC LIMIT 1"),
      sheaves_touching_(connection.handle(),
                        "SELECT first_key, arrivals FROM arrival_sheaf"
                        " WHERE first_key BETWEEN coalesce((SELECT max(first_key)"
                        " FROM arrival_sheaf WHERE first_key <= ?1), ?1) AND ?2"),
      remove_sheaf_(connection.handle(), "DELETE FROM arrival_sheaf WHERE first_key = ?1"),
      indexed_through_(connection.handle(),
                       "SELECT organisation, max(indexed_through, forgotten_through)"
                       " FROM organisation"),
      set_indexed_through_(connection.handle(),
                           "UPDATE organisation SET indexed_through = ?2 WHERE organisation = ?1") {
  load_unindexed();
}

void KnownIds::load_unindexed() {
  Rows organisations = indexed_through_.query();
  while (organisations.next()) {
    const auto organisation = static_cast<OrganisationId>(organisations.integer(0));
    const Key first = organisations.integer(1) + 1;
    Rows rows = sheaves_touching_.query(first, key_after_all(organisation) - 1);
    while (rows.next()) {
      const ArrivalSheaf sheaf(rows.integer(0), rows.bytes(1));
      for (Key key = std::max(first, sheaf.keys().first); key <= sheaf.keys().last; ++key) {
        unindexed_[{organisation, sheaf.at(key).id}] = key;
      }
    }
  }
}

std::optional<Key> KnownIds::find(OrganisationId organisation, const Uuid& id) {
  const OwnedId owned{organisation, id};
  const auto recent = unindexed_.find(owned);
  return recent != unindexed_.end() ? std::optional(recent->second) : index_.find(owned);
}

Arrival KnownIds::arrival(Key key) {
  Rows rows = sheaf_of_.query(key);
  if (rows.next()) {
    const ArrivalSheaf sheaf(rows.integer(0), rows.bytes(1));
    if (sheaf.keys().contains(key)) return sheaf.at(key);
  }
  throw SqliteError(SQLITE_CORRUPT, 0, "an id is known and has not arrived");
}

void KnownIds::add(OrganisationId organisation, const Uuid& id, Key key) {
  const OwnedId owned{organisation, id};
  const auto [place, is_new] = unindexed_.try_emplace(owned, key);
  added_.push_back({owned, is_new ? std::nullopt : std::optional(place->second)});
  place->second = key;
}

void KnownIds::take_back(OrganisationId organisation, const Uuid& id) {
  unindexed_.erase({organisation, id});
}

void KnownIds::index_some(std::size_t entries) {
  index_.read_some_into_filter(entries);
  if (!walk_.has_value() && unindexed_.size() >= unindexed_max_) begin_walk();
  if (!walk_.has_value()) return;
  std::size_t room = std::max(kIndexedTogetherMin, kIndexedPerEntry * entries);
  for (; walk_->next < walk_->ids.size() && room > 0; ++walk_->next, --room) {
    const OwnedId& id = walk_->ids[walk_->next];
    const auto known = unindexed_.find(id);
    if (known == unindexed_.end()) continue;  // forgotten meanwhile
    // An id that has a later key by now waits for the next walk.
    if (known->second > walk_->through.at(id.organisation)) continue;
    index_.put(id, known->second);
    removable_.push_back(id);
  }
  if (walk_->next == walk_->ids.size()) end_walk();
}

void KnownIds::begin_walk() {
  walk_ = Walk{};
  walk_->ids.reserve(unindexed_.size());
  for (const auto& [id, key] : unindexed_) {
    walk_->ids.push_back(id);
    Key& through = walk_->through[id.organisation];
    through = std::max(through, key);
  }
  std::sort(walk_->ids.begin(), walk_->ids.end());
}

void KnownIds::end_walk() {
  for (const auto& [organisation, key] : walk_->through) {
    set_indexed_through_.execute(organisation, key);
  }
  walk_.reset();
}

void KnownIds::forget(OrganisationId organisation, KeyRange keys) {
  std::vector<OwnedId> ids;
  std::vector<Key> passed;  // first keys of the sheaves that have nothing else any more
  Rows rows = sheaves_touching_.query(keys.first, keys.last);
  while (rows.next()) {
    const ArrivalSheaf sheaf(rows.integer(0), rows.bytes(1));
    if (sheaf.keys().last < keys.first) continue;  // of the organisation before
    const Key last = std::min(keys.last, sheaf.keys().last);
    for (Key key = std::max(keys.first, sheaf.keys().first); key <= last; ++key) {
      ids.push_back({organisation, sheaf.at(key).id});
    }
    if (sheaf.keys().last <= keys.last) passed.push_back(sheaf.keys().first);
  }
  // In order of ids, as they lie in the index.
  std::sort(ids.begin(), ids.end());
  for (const OwnedId& id : ids) {
    // Not those that have a later key.
    index_.remove(id, keys.last);
    const auto recent = unindexed_.find(id);
    if (recent != unindexed_.end() && recent->second <= keys.last) removable_.push_back(id);
  }
  for (const Key first : passed) remove_sheaf_.execute(first);
}

void KnownIds::end_change(bool kept) {
  if (kept) {
    for (const OwnedId& id : removable_) unindexed_.erase(id);
  } else {
    // The latest first: an id may have been added twice.
    std::for_each(added_.rbegin(), added_.rend(), [this](const Added& added) {
      if (added.earlier.has_value()) {
        unindexed_[added.id] = *added.earlier;
      } else {
        unindexed_.erase(added.id);
      }
    });
  }
  // A walk given up costs nothing: what it has put in the index stays, a later one does the rest.
  if (!kept) walk_.reset();
  added_.clear();
  removable_.clear();
}

}  // namespace waypost::relay::sqlite
