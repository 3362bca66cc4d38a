#include "proxy/store/sqlite/body_removal.hpp"

#include <algorithm>
#include <utility>

#include "proxy/store/sqlite/sheaf_reader.hpp"
#include "proxy/store/sqlite/sqlite_error.hpp"

namespace waypost::relay::sqlite {
namespace {

struct Sheaf {
  KeyRange keys;
  std::int64_t bytes = 0;
};

std::vector<Sheaf> sheaves_touching(Database& database, KeyRange range) {
  std::vector<Sheaf> sheaves;
  Rows rows = database.body_sheaves_touching.query(range.first, range.last);
  while (rows.next()) {
    sheaves.push_back({{rows.integer(0), rows.integer(1)}, rows.integer(2)});
  }
  return sheaves;
}

std::int64_t bytes_within(KeyRange range, const Sheaf& sheaf, SheafReader& reader) {
  const KeyRange part{std::max(range.first, sheaf.keys.first),
                      std::min(range.last, sheaf.keys.last)};
  return part.count() == sheaf.keys.count() ? sheaf.bytes
                                            : reader.bytes_of(part, sheaf.keys, sheaf.bytes);
}

// What cannot be read stays where it is, and must not keep the others from leaving: whoever reads
// the entries is told.
template <typename Work>
void pass_over_damage(Work work) {
  try {
    work();
  } catch (const SqliteError& error) {
    if (!error.is_damage()) throw;
  }
}

}  // namespace

BodyRemoval::BodyRemoval(Database& database, OrganisationId organisation, DestinationId destination)
    : database_(database), organisation_(organisation) {
  Rows rows = database_.other_destinations.query(organisation, destination);
  while (rows.next()) {
    others_.emplace_back(database, static_cast<DestinationId>(rows.integer(0)), rows.integer(1));
  }
}

void BodyRemoval::remove(SettledKeys& own, std::vector<KeyRange> newly) {
  for (SettledKeys& other : others_) {
    std::vector<KeyRange> by_both;
    for (const KeyRange range : newly) {
      const std::vector<KeyRange> parts = other.within(range);
      by_both.insert(by_both.end(), parts.begin(), parts.end());
    }
    newly = std::move(by_both);
  }
  // Several ranges may lie in one sheaf, which must be there until the last of them is counted.
  std::int64_t bytes = 0;
  std::vector<KeyRange> sheaves;
  SheafReader reader(database_, SheafReader::Depth::Places);
  for (const KeyRange range : newly) {
    pass_over_damage([&] {
      for (const Sheaf& sheaf : sheaves_touching(database_, range)) {
        bytes += bytes_within(range, sheaf, reader);
        sheaves.push_back(sheaf.keys);
      }
    });
  }
  for (const KeyRange sheaf : sheaves) {
    if (!waits_nowhere(own, sheaf)) continue;
    pass_over_damage([&] { database_.remove_body_sheaf.execute(sheaf.first); });
  }
  if (bytes > 0) database_.count_removed_bytes.execute(organisation_, bytes);
}

bool BodyRemoval::waits_nowhere(SettledKeys& own, KeyRange keys) {
  return own.count_waiting(keys) == 0 &&
         std::all_of(others_.begin(), others_.end(),
                     [keys](SettledKeys& other) { return other.count_waiting(keys) == 0; });
}

}  // namespace waypost::relay::sqlite
