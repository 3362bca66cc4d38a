#pragma once

#include <compare>
#include <map>
#include <optional>
#include <vector>

#include "proxy/store/sqlite/connection.hpp"
#include "proxy/store/sqlite/queue_key.hpp"
#include "proxy/store/sqlite/statement.hpp"
#include "proxy/store/store.hpp"

namespace waypost::relay::sqlite {

// Which statement ids an organisation has sent, and with what content. All of them lie in `arrival`
// in order of arrival. Those that are not in the index `statement_id` yet are known in memory as
// well; when there are enough of them they move there in order of ids, a few with each commit, so
// that one page written takes many. All methods work within the caller's transaction and Change.
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

  KnownIds(Connection& connection, std::size_t unindexed_max);

  // Accepted means: not known.
  AppendResult compare(OrganisationId organisation, const NewEntry& entry);

  // An id may be added again, for an entry that waits once more: its latest key stands for it.
  void add(OrganisationId organisation, const NewEntry& entry, Key key);

  // The latest key of an id.
  std::optional<Key> find(OrganisationId organisation, const Uuid& id) {
    return find(Name{organisation, id});
  }

  // Undoes an add() of the same transaction.
  void take_back(OrganisationId organisation, const Uuid& id, Key key);

  // Puts some ids in the index, in proportion to the entries to be added. Before the first add().
  void index_some(std::size_t entries);

  void forget(OrganisationId organisation, KeyRange keys);

 private:
  struct Name {
    OrganisationId organisation = 0;
    Uuid id;

    friend auto operator<=>(const Name&, const Name&) = default;
  };

  struct Added {
    Name name;
    std::optional<Key> earlier;  // in memory
  };

  // A walk over all ids that were in memory at its start.
  struct Walk {
    std::map<OrganisationId, Key> through;
    Name after;
  };

  void load_unindexed();
  std::optional<Key> find(const Name& name);
  void begin_walk();
  void end_walk();
  void end_change(bool kept);

  std::size_t unindexed_max_;
  std::map<Name, Key> unindexed_;
  std::optional<Walk> walk_;

  // Of the transaction under way.
  std::vector<Added> added_;
  std::vector<Name> removable_;  // once it is committed

  Statement find_indexed_;
  Statement digests_;
  Statement add_arrival_;
  Statement remove_arrivals_;
  Statement arrivals_between_;
  Statement index_;
  Statement remove_indexed_;
  Statement indexed_through_;
  Statement set_indexed_through_;
};

}  // namespace waypost::relay::sqlite
