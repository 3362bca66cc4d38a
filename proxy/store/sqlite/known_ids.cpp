#include "proxy/store/sqlite/known_ids.hpp"

#include <algorithm>
#include <cstring>

#include "proxy/operations/random.hpp"
#include "proxy/store/sqlite/sqlite_error.hpp"

namespace waypost::relay::sqlite {
namespace {

// More than one for each new entry, so that a walk ends before as many new ids have come.
constexpr std::size_t kIndexedPerEntry = 3;
constexpr std::size_t kIndexedTogetherMin = 64;

std::uint64_t eight_bytes(const Uuid& id, std::size_t from) {
  std::uint64_t number = 0;
  std::memcpy(&number, id.bytes.data() + from, sizeof(number));
  return number;
}

// Every bit of `number` has a part in every bit of what comes out.
std::uint64_t mixed(std::uint64_t number) {
  number = (number ^ number >> 30) * 0xbf58476d1ce4e5b9ULL;
  number = (number ^ number >> 27) * 0x94d049bb133111ebULL;
  return number ^ number >> 31;
}

}  // namespace

KnownIds::Hash::Hash() : secret_{random_number(), random_number(), random_number()} {}

std::size_t KnownIds::Hash::operator()(const Name& name) const noexcept {
  std::uint64_t hash = mixed(secret_[0] ^ name.organisation);
  hash = mixed((hash + secret_[1]) ^ eight_bytes(name.id, 0));
  return mixed((hash + secret_[2]) ^ eight_bytes(name.id, 8));
}

KnownIds::KnownIds(Connection& connection, std::size_t unindexed_max)
    : unindexed_max_(unindexed_max),
      find_indexed_(connection.handle(),
                    "SELECT key FROM statement_id WHERE organisation = ?1 AND id = ?2"),
      sheaf_of_(connection.handle(),
                "SELECT first_key, arrivals FROM arrival_sheaf"
                " WHERE first_key <= ?1 ORDER BY first_key DESC LIMIT 1"),
      sheaves_touching_(connection.handle(),
                        "SELECT first_key, arrivals FROM arrival_sheaf"
                        " WHERE first_key BETWEEN coalesce((SELECT max(first_key)"
                        " FROM arrival_sheaf WHERE first_key <= ?1), ?1) AND ?2"),
      remove_sheaf_(connection.handle(), "DELETE FROM arrival_sheaf WHERE first_key = ?1"),
      index_(connection.handle(),
             "INSERT INTO statement_id (organisation, id, key) VALUES (?1, ?2, ?3)"
             " ON CONFLICT DO UPDATE SET key = ?3 WHERE key < ?3"),
      remove_indexed_(connection.handle(),
                      "DELETE FROM statement_id WHERE organisation = ?1 AND id = ?2 AND key <= ?3"),
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
  const auto recent = unindexed_.find({organisation, id});
  if (recent != unindexed_.end()) return recent->second;
  Rows rows = find_indexed_.query(organisation, id);
  return rows.next() ? std::optional(rows.integer(0)) : std::nullopt;
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
  const Name name{organisation, id};
  const auto [place, is_new] = unindexed_.try_emplace(name, key);
  added_.push_back({name, is_new ? std::nullopt : std::optional(place->second)});
  place->second = key;
}

void KnownIds::take_back(OrganisationId organisation, const Uuid& id) {
  unindexed_.erase({organisation, id});
}

void KnownIds::index_some(std::size_t entries) {
  if (!walk_.has_value() && unindexed_.size() >= unindexed_max_) begin_walk();
  if (!walk_.has_value()) return;
  std::size_t room = std::max(kIndexedTogetherMin, kIndexedPerEntry * entries);
  for (; walk_->next < walk_->names.size() && room > 0; ++walk_->next, --room) {
    const Name& name = walk_->names[walk_->next];
    const auto known = unindexed_.find(name);
    if (known == unindexed_.end()) continue;  // forgotten meanwhile
    // An id that has a later key by now waits for the next walk.
    if (known->second > walk_->through.at(name.organisation)) continue;
    index_.execute(name.organisation, name.id, known->second);
    removable_.push_back(name);
  }
  if (walk_->next == walk_->names.size()) end_walk();
}

void KnownIds::begin_walk() {
  walk_ = Walk{};
  walk_->names.reserve(unindexed_.size());
  for (const auto& [name, key] : unindexed_) {
    walk_->names.push_back(name);
    Key& through = walk_->through[name.organisation];
    through = std::max(through, key);
  }
  std::sort(walk_->names.begin(), walk_->names.end());
}

void KnownIds::end_walk() {
  for (const auto& [organisation, key] : walk_->through) {
    set_indexed_through_.execute(organisation, key);
  }
  walk_.reset();
}

void KnownIds::forget(OrganisationId organisation, KeyRange keys) {
  std::vector<Name> names;
  std::vector<Key> passed;  // first keys of the sheaves that have nothing else any more
  Rows rows = sheaves_touching_.query(keys.first, keys.last);
  while (rows.next()) {
    const ArrivalSheaf sheaf(rows.integer(0), rows.bytes(1));
    if (sheaf.keys().last < keys.first) continue;  // of the organisation before
    const Key last = std::min(keys.last, sheaf.keys().last);
    for (Key key = std::max(keys.first, sheaf.keys().first); key <= last; ++key) {
      names.push_back({organisation, sheaf.at(key).id});
    }
    if (sheaf.keys().last <= keys.last) passed.push_back(sheaf.keys().first);
  }
  // In order of ids, as they lie in the index.
  std::sort(names.begin(), names.end());
  for (const Name& name : names) {
    // Not those that have a later key.
    remove_indexed_.execute(name.organisation, name.id, keys.last);
    const auto recent = unindexed_.find(name);
    if (recent != unindexed_.end() && recent->second <= keys.last) removable_.push_back(name);
  }
  for (const Key first : passed) remove_sheaf_.execute(first);
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
