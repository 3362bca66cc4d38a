#pragma once

#include <map>
#include <vector>

#include "proxy/store/sqlite/database.hpp"
#include "proxy/store/sqlite/sheaf_writer.hpp"
#include "proxy/store/store.hpp"

namespace waypost::relay::sqlite {

// Appends requests within one transaction. Each is decided in memory, and what all of them append
// is written at the end: so one that is refused leaves nothing that would have to be taken back
// from the disk, and the entries of several lie in one sheaf. The requests must outlive it.
class Appender {
 public:
  explicit Appender(Database& database) : database_(database) {}

  // Throws SqliteError when the whole transaction has to be given up.
  StoreResult<AppendOutcome> append(const AppendRequest& request);

  // Writes down what the appends have added. Once, after the last of them.
  void write();

 private:
  // What is appended to one organisation.
  struct Sequence {
    Key stored_through = 0;       // before this transaction
    std::int64_t body_bytes = 0;  // likewise
    std::vector<SheafEntry> added{};
    std::int64_t added_bytes = 0;

    Key last() const { return stored_through + static_cast<Key>(added.size()); }
  };

  Sequence* sequence_of(OrganisationId organisation);
  StoreResult<AppendOutcome> append_to(Sequence& sequence, const AppendRequest& request);
  AppendResult compare(const Sequence& sequence, OrganisationId organisation,
                       const NewEntry& entry);
  void take_back(OrganisationId organisation, Sequence& sequence, std::size_t entries_before);

  Database& database_;
  std::map<OrganisationId, Sequence> sequences_;
};

}  // namespace waypost::relay::sqlite
