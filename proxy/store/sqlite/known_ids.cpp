#include "proxy/store/sqlite/known_ids.hpp"

#include <algorithm>

#include "proxy/store/sqlite/sqlite_error.hpp"

namespace waypost::relay::sqlite {
namespace {

// More than one for each new entry, so that a walk ends before as many new ids have come.
constexpr std::size_t kIndexedPerEntry = 3;
constexpr std::size_t kIndexedTogetherMin = 64;

bool is_equal(Bytes stored, Bytes given) {
  return std::equal(stored.begin(), stored.end(), given.begin(), given.end());
}

}  // namespace

KnownIds::KnownIds(Connection& connection, std::size_t unindexed_max)
    : unindexed_max_(unindexed_max),
      find_indexed_(connection.handle(),
                    "SELECT key FROM statement_id WHERE organisation = ?1 AND id = ?2"),
      digests_(connection.handle(), "SELECT fingerprint, meaning FROM arrival WHERE key = ?1"),
      add_arrival_(connection.handle(),
                   "INSERT INTO arrival (key, id, fingerprint, meaning) VALUES (?1, ?2, ?3, ?4)"),
      remove_arrivals_(connection.handle(), "DELETE FROM arrival WHERE key BETWEEN ?1 AND ?2"),
      arrivals_between_(connection.handle(),
                        "SELECT key, id FROM arrival WHERE key BETWEEN ?1 AND ?2"),
      index_(connection.handle(),
             "INSERT INTO statement_id (organisation, id, key) VALUES (?1, ?2, ?3)"
             " ON CONFLICT DO UPDATE SET key = ?3 WHERE key < ?3"),
      remove_indexed_(connection.handle(),
                      "DELETE FROM statement_id WHERE organisation = ?1 AND id = ?2 AND key <= ?3"),
      indexed_through_(connection.handle(),
                       "SELECT organisation, indexed_through FROM organisation"),
      set_indexed_through_(connection.handle(),
                           "UPDATE organisation SET indexed_through = ?2 WHERE organisation = ?1") {
  load_unindexed();
}

void KnownIds::load_unindexed() {
  Rows organisations = indexed_through_.query();
  while (organisations.next()) {
    const auto organisation = static_cast<OrganisationId>(organisations.integer(0));
    Rows arrivals =
        arrivals_between_.query(organisations.integer(1) + 1, key_after_all(organisation));
    while (arrivals.next()) unindexed_[{organisation, arrivals.uuid(1)}] = arrivals.integer(0);
  }
}

AppendResult KnownIds::compare(OrganisationId organisation, const NewEntry& entry) {
  const std::optional<Key> key = find({organisation, entry.id});
  if (!key.has_value()) return AppendResult::Accepted;
  Rows rows = digests_.query(*key);
  if (!rows.next()) throw SqliteError(SQLITE_CORRUPT, 0, "an id is known and has not arrived");
  const bool is_same =
      is_equal(rows.bytes(0), entry.fingerprint) || is_equal(rows.bytes(1), entry.meaning);
  return is_same ? AppendResult::Duplicate : AppendResult::Conflict;
}

std::optional<Key> KnownIds::find(const Name& name) {
  const auto recent = unindexed_.find(name);
  if (recent != unindexed_.end()) return recent->second;
  Rows rows = find_indexed_.query(name.organisation, name.id);
  return rows.next() ? std::optional(rows.integer(0)) : std::nullopt;
}

void KnownIds::add(OrganisationId organisation, const NewEntry& entry, Key key) {
  const Name name{organisation, entry.id};
  const auto [place, is_new] = unindexed_.try_emplace(name, key);
  added_.push_back({name, is_new ? std::nullopt : std::optional(place->second)});
  place->second = key;
  add_arrival_.execute(key, entry.id, Bytes(entry.fingerprint), Bytes(entry.meaning));
}

void KnownIds::take_back(OrganisationId organisation, const Uuid& id, Key key) {
  unindexed_.erase({organisation, id});
  remove_arrivals_.execute(key, key);
}

void KnownIds::index_some(std::size_t entries) {
  if (!walk_.has_value() && unindexed_.size() >= unindexed_max_) begin_walk();
  if (!walk_.has_value()) return;
  std::size_t room = std::max(kIndexedTogetherMin, kIndexedPerEntry * entries);
  auto next = unindexed_.upper_bound(walk_->after);
  for (; next != unindexed_.end() && room > 0; ++next) {
    const auto& [name, key] = *next;
    walk_->after = name;
    const auto through = walk_->through.find(name.organisation);
    if (through == walk_->through.end() || key > through->second) continue;
    index_.execute(name.organisation, name.id, key);
    removable_.push_back(name);
    --room;
  }
  if (next == unindexed_.end()) end_walk();
}

void KnownIds::begin_walk() {
  walk_ = Walk{};
  for (const auto& [name, key] : unindexed_) {
    Key& through = walk_->through[name.organisation];
    through = std::max(through, key);
  }
}

void KnownIds::end_walk() {
  for (const auto& [organisation, key] : walk_->through) {
    set_indexed_through_.execute(organisation, key);
  }
  walk_.reset();
}

void KnownIds::forget(OrganisationId organisation, KeyRange keys) {
  std::vector<Name> names;
  Rows rows = arrivals_between_.query(keys.first, keys.last);
  while (rows.next()) names.push_back({organisation, rows.uuid(1)});
  // In order of ids, as they lie in the index.
  std::sort(names.begin(), names.end());
  for (const Name& name : names) {
    // Not those that have a later key.
    remove_indexed_.execute(name.organisation, name.id, keys.last);
    const auto recent = unindexed_.find(name);
    if (recent != unindexed_.end() && recent->second <= keys.last) removable_.push_back(name);
  }
  remove_arrivals_.execute(keys.first, keys.last);
}

void KnownIds::end_change(bool kept) {
  if (kept) {
    for (const Name& name : removable_) unindexed_.erase(name);
  } else {
    // The latest first: an id may have been added twice.
    std::for_each(added_.rbegin(), added_.rend(), [this](const Added& added) {
      if (added.earlier.has_value()) {
        unindexed_[added.name] = *added.earlier;
      } else {
        unindexed_.erase(added.name);
      }
    });
  }
  // A walk given up costs nothing: what it has put in the index stays, a later one does the rest.
  if (!kept) walk_.reset();
  added_.clear();
  removable_.clear();
}

}  // namespace waypost::relay::sqlite
