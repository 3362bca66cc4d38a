#pragma once

#include <map>

#include "proxy/store/sqlite/database.hpp"
#include "proxy/store/store.hpp"

namespace waypost::relay::sqlite {

// Appends requests within one transaction. What a request has written before its own failure or
// conflict is taken back by hand: that is rare, and a savepoint would cost every request.
class Appender {
 public:
  explicit Appender(Database& database) : database_(database) {}

  // Throws SqliteError when the whole transaction has to be given up.
  StoreResult<AppendOutcome> append(const AppendRequest& request);

  // Writes down what the appends have counted. Once, after the last of them.
  void write_counts();

 private:
  struct Sequence {
    Key last = 0;
    std::int64_t accepted = 0;
    std::int64_t body_bytes = 0;  // before this transaction
    std::int64_t added_bytes = 0;
  };

  Sequence* sequence_of(OrganisationId organisation);
  void add(const AppendRequest& request, const NewEntry& entry, Key key);
  void take_back(const AppendRequest& request, const AppendOutcome& outcome);

  Database& database_;
  std::map<OrganisationId, Sequence> sequences_;
};

}  // namespace waypost::relay::sqlite
