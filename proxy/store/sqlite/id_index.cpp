#include "proxy/store/sqlite/id_index.hpp"

#include <algorithm>

#include "proxy/store/sqlite/sqlite_error.hpp"

namespace waypost::relay::sqlite {
namespace {

// Few enough that no commit is noticeably longer for it, and more than it adds, so that the end is
// reached.
constexpr std::int64_t kReadTogetherMin = 256;
constexpr std::int64_t kReadPerEntry = 4;
constexpr std::size_t kGrowth = 4;

}  // namespace

IdIndex::IdIndex(Connection& connection, const SqliteTuning& tuning)
    : filter_bytes_min_(tuning.id_filter_bytes_min),
      filter_bytes_max_(tuning.id_filter_bytes_max),
      find_(connection.handle(),
            "SELECT key FROM statement_id WHERE organisation = ?1 AND id = ?2"),
      put_(connection.handle(),
           "INSERT INTO statement_id (organisation, id, key) VALUES (?1, ?2, ?3)"
           " ON CONFLICT DO UPDATE SET key = ?3 WHERE key < ?3"),
      remove_(connection.handle(),
              "DELETE FROM statement_id WHERE organisation = ?1 AND id = ?2 AND key <= ?3"),
      following_(connection.handle(),
                 "SELECT organisation, id FROM statement_id WHERE (organisation, id) > (?1, ?2)"
                 " ORDER BY organisation, id LIMIT ?3") {
  const std::int64_t ids = connection.integer(
      "SELECT coalesce(sum(indexed_through - min(indexed_through, forgotten_through)), 0)"
      " FROM organisation");
  begin_filling(static_cast<std::size_t>(ids));
}

std::optional<Key> IdIndex::find(const OwnedId& id) {
  if (filter_ && !filter_->may_hold(hash_(id))) return std::nullopt;
  Rows rows = find_.query(id.organisation, id.id);
  return rows.next() ? std::optional(rows.integer(0)) : std::nullopt;
}

void IdIndex::put(const OwnedId& id, Key key) {
  put_.execute(id.organisation, id.id, key);
  const std::uint64_t hash = hash_(id);
  if (filter_) filter_->add(hash);
  if (filling_) filling_->filter.add(hash);
  ++rows_;
}

void IdIndex::remove(const OwnedId& id, Key through) {
  const auto removed = static_cast<std::size_t>(remove_.execute(id.organisation, id.id, through));
  rows_ -= std::min(rows_, removed);
}

std::size_t IdIndex::filter_bytes_for(std::size_t ids) const {
  std::size_t bytes = filter_bytes_min_;
  while (IdFilter::capacity_of(bytes) < ids && bytes < filter_bytes_max_) bytes *= kGrowth;
  return std::min(bytes, filter_bytes_max_);
}

void IdIndex::begin_filling(std::size_t ids) {
  filling_.emplace(Filling{IdFilter(filter_bytes_for(ids)), {}});
}

// Too much was added, and a new one would be larger, or hold half of it at most.
bool IdIndex::is_filter_worn() const {
  if (filter_->count() <= filter_->capacity()) return false;
  const std::size_t capacity = IdFilter::capacity_of(filter_bytes_for(rows_));
  return capacity > filter_->capacity() || rows_ <= filter_->count() / 2;
}

void IdIndex::read_some_into_filter(std::size_t entries) {
  if (!filling_ && filter_ && is_filter_worn()) begin_filling(rows_);
  if (!filling_) return;
  try {
    const auto together = kReadPerEntry * static_cast<std::int64_t>(entries);
    if (read_some(std::max(kReadTogetherMin, together))) return;
    filter_ = std::move(filling_->filter);
    rows_ = filling_->rows;
  } catch (const SqliteError& error) {
    // What cannot be read costs only those who ask for it; without the filter all ask the table.
    if (!error.is_damage()) throw;
    filter_.reset();
  }
  filling_.reset();
}

// Whether more may be left.
bool IdIndex::read_some(std::int64_t rows_max) {
  Filling& filling = *filling_;
  const OwnedId after = filling.through;
  Rows rows = following_.query(after.organisation, after.id, rows_max);
  std::int64_t read = 0;
  for (; rows.next(); ++read) {
    filling.through = {static_cast<OrganisationId>(rows.integer(0)), rows.uuid(1)};
    filling.filter.add(hash_(filling.through));
  }
  filling.rows += static_cast<std::size_t>(read);
  return read == rows_max;
}

}  // namespace waypost::relay::sqlite
