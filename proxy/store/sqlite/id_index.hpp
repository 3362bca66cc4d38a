#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>

#include "proxy/store/sqlite/connection.hpp"
#include "proxy/store/sqlite/id_filter.hpp"
#include "proxy/store/sqlite/owned_id.hpp"
#include "proxy/store/sqlite/queue_key.hpp"
#include "proxy/store/sqlite/statement.hpp"
#include "proxy/store/sqlite_tuning.hpp"

namespace waypost::relay::sqlite {

// The table `statement_id`: the latest key of an id. Nearly all ids that are looked for have never
// come; a filter in memory knows that without a page being read. It holds all that is in the table,
// and is begun anew when it has become too small or holds too much that is not there any more.
// Until it has read the whole table, some of it with each transaction, the table alone is asked.
//
// All methods but the first work within the caller's transaction. That one which is rolled back
// leaves too much in the filter, never too little.
class IdIndex {
 public:
  IdIndex(Connection& connection, const SqliteTuning& tuning);

  std::optional<Key> find(const OwnedId& id);

  // Unless a later key is there.
  void put(const OwnedId& id, Key key);

  // Unless its key is later than that.
  void remove(const OwnedId& id, Key through);

  // Once in each transaction that removes nothing, since what a rollback brings back would not have
  // been read: so the filter becomes, and stays, as good as it can. `entries`: about as many as
  // come with it.
  void read_some_into_filter(std::size_t entries);

 private:
  // A filter that has not read the whole table yet.
  struct Filling {
    IdFilter filter;
    OwnedId through;  // so far
    std::size_t rows = 0;
  };

  std::size_t filter_bytes_for(std::size_t ids) const;
  void begin_filling(std::size_t ids);
  bool is_filter_worn() const;
  bool read_some(std::int64_t rows_max);

  std::size_t filter_bytes_min_;
  std::size_t filter_bytes_max_;
  OwnedIdHash hash_;
  std::optional<IdFilter> filter_;
  std::optional<Filling> filling_;
  std::size_t rows_ = 0;  // of the table, about; known when it has been read

  Statement find_;
  Statement put_;
  Statement remove_;
  Statement following_;
};

}  // namespace waypost::relay::sqlite
