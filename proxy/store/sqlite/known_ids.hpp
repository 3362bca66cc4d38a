#pragma once

#include <map>
#include <optional>
#include <vector>

#include <boost/unordered/unordered_flat_map.hpp>

#include "proxy/store/sqlite/arrival_sheaf.hpp"
#include "proxy/store/sqlite/connection.hpp"
#include "proxy/store/sqlite/id_index.hpp"
#include "proxy/store/sqlite/owned_id.hpp"
#include "proxy/store/sqlite/queue_key.hpp"
#include "proxy/store/sqlite/statement.hpp"
#include "proxy/store/store.hpp"

namespace waypost::relay::sqlite {

// Which statement ids an organisation has sent, and with what content. All of them lie in
// `arrival_sheaf` in order of arrival. Those that are not in the index `statement_id` yet are known
// in memory as well; when there are enough of them they move there in order of ids, a few with each
// commit, so that one page written takes many. All methods work within the caller's transaction and
// Change.
class KnownIds {
 public:
  // What one transaction does to the ids in memory: taken back at the end of its life, unless kept.
  class Change {
   public:
    explicit Change(KnownIds& ids) : ids_(ids) {}

    Change(const Change&) = delete;
    Change& operator=(const Change&) = delete;

    ~Change() { ids_.end_change(kept_); }

    void keep() { kept_ = true; }  // after the transaction's commit

   private:
    KnownIds& ids_;
    bool kept_ = false;
  };

  KnownIds(Connection& connection, const SqliteTuning& tuning);

  // An id may be added again, for an entry that waits once more: its latest key stands for it. Its
  // sheaf is the caller's to write.
  void add(OrganisationId organisation, const Uuid& id, Key key);

  // The latest key of an id.
  std::optional<Key> find(OrganisationId organisation, const Uuid& id);

  // Undoes an add() of the same transaction, of an id that was not known before.
  void take_back(OrganisationId organisation, const Uuid& id);

  // Of a key that find() gave and whose sheaf is written.
  Arrival arrival(Key key);

  // Puts some ids in the index, in proportion to the entries to be added. Before the first add().
  void index_some(std::size_t entries);

  void forget(OrganisationId organisation, KeyRange keys);

 private:
  struct Added {
    OwnedId id;
    std::optional<Key> earlier;  // in memory
  };

  // A walk over all ids that were in memory at its start, in order.
  struct Walk {
    std::map<OrganisationId, Key> through;
    std::vector<OwnedId> ids;
    std::size_t next = 0;
  };

  void load_unindexed();
  void begin_walk();
  void end_walk();
  void end_change(bool kept);

  std::size_t unindexed_max_;
  boost::unordered_flat_map<OwnedId, Key, OwnedIdHash> unindexed_;
  IdIndex index_;
  std::optional<Walk> walk_;

  // Of the transaction under way.
  std::vector<Added> added_;
  std::vector<OwnedId> removable_;  // once it is committed

  Statement sheaf_of_;
  Statement sheaves_touching_;
  Statement remove_sheaf_;
  Statement indexed_through_;
  Statement set_indexed_through_;
};

}  // namespace waypost::relay::sqlite
