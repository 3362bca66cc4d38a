#pragma once

#include <vector>

#include "proxy/store/sqlite/database.hpp"
#include "proxy/store/sqlite/queue_key.hpp"
#include "proxy/store/sqlite/settled_keys.hpp"

namespace waypost::relay::sqlite {

// Lets bodies go that wait for no destination of the organisation any more: each of them is no
// longer counted, and a sheaf leaves with the last of its entries. For the settlements of one
// destination, within the caller's transaction. Throws SqliteError.
class BodyRemoval {
 public:
  BodyRemoval(Database& database, OrganisationId organisation, DestinationId destination);

  // `own` is what the destination has behind it by now, `newly` the part that it had not before.
  void remove(SettledKeys& own, std::vector<KeyRange> newly);

 private:
  bool waits_nowhere(SettledKeys& own, KeyRange keys);

  Database& database_;
  OrganisationId organisation_;
  std::vector<SettledKeys> others_;
};

}  // namespace waypost::relay::sqlite
