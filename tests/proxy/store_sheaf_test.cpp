// What lies together in a row of the queue's file, seen from outside and through the store.
#include <algorithm>
#include <array>
#include <string>
#include <tuple>
#include <vector>

#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>

#include "proxy/store/sqlite_store.hpp"
#include "queue_file.hpp"
#include "store_contract/harness.hpp"
#include "temporary_folder.hpp"
#include "waypost/limits.hpp"

namespace waypost::relay {
namespace {

using contract::checked;
using contract::contradicted;
using contract::entries;
using contract::entry;
using contract::Harness;
using contract::Keys;
using contract::kNow;
using contract::Results;
using contract::reworded;

struct Backend {
  TemporaryFolder folder;

  std::unique_ptr<Store> open() { return checked(SqliteStore::create(folder.path())); }
};

struct School : Harness<Backend> {
  static constexpr std::uint32_t kFirstNumber = 11;  // of the entries whose damage is looked for

  Destination ids = destination("school", "https://lrs.example/");

  // Runs the SQL on the file while no store has it open.
  std::int64_t query_file(const std::string& sql) {
    store.reset();
    const std::int64_t found = query(backend.folder.path() / "queue.sqlite", sql.c_str());
    store = backend.open();
    return found;
  }

  // Whatever is not told as damage is what was appended under this key; what is damaged.
  Keys check_damage(const Keys& keys) {
    Keys damaged;
    for (const Body& body : checked(store->read(ids.destination, keys))) {
      const auto number = static_cast<std::uint32_t>(body.key - keys.front()) + kFirstNumber;
      if (!body.damage.empty()) {
        damaged.push_back(body.key);
      } else {
        BOOST_TEST(body.bytes == entry(number).bytes);
        BOOST_TEST((body.id == entry(number).id));
      }
    }
    return damaged;
  }

  void bury_damaged(const Keys& keys) {
    Settlement settlement{.destination = ids.destination};
    for (const Key key : keys) {
      settlement.buried.push_back(
          {.key = key, .reason = delivery::BurialReason::Damaged, .words = "other", .at = kNow});
    }
    settle(settlement);
    BOOST_TEST(graves().size() == keys.size());
  }

  std::int64_t sheaves() { return query_file("SELECT count(*) FROM body_sheaf"); }

  std::vector<StoreResult<AppendOutcome>> commit(const std::vector<AppendRequest>& requests) {
    return checked(store->commit(requests, {}, kNow));
  }

  AppendRequest request(std::vector<NewEntry> added,
                        Atomicity atomicity = Atomicity::PerEntry) const {
    return {ids.organisation, atomicity, std::move(added), kNow};
  }
};

NewEntry large(std::uint32_t number, std::size_t bytes) {
  NewEntry made = entry(number);
  made.bytes.resize(bytes, static_cast<char>('a' + number % 26));
  return made;
}

std::int64_t bytes_of(const std::vector<NewEntry>& some) {
  std::int64_t bytes = 0;
  for (const NewEntry& one : some) bytes += static_cast<std::int64_t>(one.bytes.size());
  return bytes;
}

std::vector<std::string> texts_of(const std::vector<NewEntry>& some) {
  std::vector<std::string> texts;
  for (const NewEntry& one : some) texts.push_back(one.bytes);
  return texts;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(store_sheaf)

BOOST_AUTO_TEST_CASE(a_sheaf_leaves_with_the_last_of_its_entries) {
  School on;
  const DestinationId one = on.ids.destination;
  const DestinationId two = on.destination("school", "https://two.example/").destination;
  const std::vector<NewEntry> all = entries(95, 103);  // of two lengths
  const Keys keys = on.append(on.ids.organisation, all).keys;
  const Keys later = on.append(on.ids.organisation, {entry(200)}).keys;
  const auto check = [&](std::int64_t sheaves, const std::vector<std::size_t>& waiting) {
    std::int64_t bytes = static_cast<std::int64_t>(entry(200).bytes.size());
    for (const std::size_t index : waiting) {
      bytes += static_cast<std::int64_t>(all[index].bytes.size());
    }
    BOOST_TEST(on.ledger(one).queue_bytes == bytes);
    BOOST_TEST(on.sheaves() == sheaves);
  };
  check(2, {0, 1, 2, 3, 4, 5, 6, 7, 8});
  on.deliver(one, {keys[0], keys[1], keys[5], keys[6], keys[8]});
  check(2, {0, 1, 2, 3, 4, 5, 6, 7, 8});
  on.deliver(two, {keys[1], keys[2], keys[6], keys[8]});
  check(2, {0, 2, 3, 4, 5, 7});
  on.deliver(two, {keys[1], keys[6]});  // counts once
  check(2, {0, 2, 3, 4, 5, 7});
  on.bury(one, {keys[2], keys[7]});
  check(2, {0, 3, 4, 5, 7});
  BOOST_TEST(on.bodies(one, {keys[3], keys[4]}) == texts_of({all[3], all[4]}));
  on.deliver(two, keys);
  check(2, {3, 4});
  on.deliver(one, {keys[4]});
  check(2, {3});
  on.deliver(one, {keys[3]});
  check(1, {});
  BOOST_TEST(on.waiting(one) == later);
  BOOST_TEST(on.waiting(two) == later);
}

BOOST_AUTO_TEST_CASE(a_sheaf_is_bounded) {
  School on;
  const auto most_entries = static_cast<std::uint32_t>(limits::kSheafEntriesMax);
  std::vector<NewEntry> added = entries(1, 2 * most_entries + 1);  // three sheaves
  const auto add = [&added](std::size_t bytes) {
    added.push_back(large(static_cast<std::uint32_t>(added.size()) + 1, bytes));
  };
  add(limits::kSheafBytesMax - entry(2 * most_entries + 1).bytes.size());  // fills the third
  add(10);
  add(limits::kSheafBytesMax);      // not with the one before
  add(limits::kSheafBytesMax + 1);  // alone
  add(0);
  add(limits::kStatementBytesMax);
  add(limits::kSheafBytesMax / 2);
  add(limits::kSheafBytesMax / 2);  // with the one before
  const Keys keys = on.append(on.ids.organisation, added).keys;
  BOOST_TEST(on.waiting(on.ids.destination) == keys);
  BOOST_TEST(on.sheaves() == 9);
  BOOST_TEST(on.query_file("SELECT count(*) FROM arrival_sheaf") == 9);
  BOOST_TEST(on.query_file("SELECT max(last_key - first_key + 1) FROM body_sheaf") == most_entries);
  BOOST_TEST(on.query_file("SELECT max(length(bodies)) FROM body_sheaf"
                           " WHERE last_key > first_key") == limits::kSheafBytesMax);
  BOOST_TEST(on.bodies(on.ids.destination, keys) == texts_of(added));
  const Keys backwards(keys.rbegin(), keys.rend());
  const std::vector<NewEntry> added_backwards(added.rbegin(), added.rend());
  BOOST_TEST(on.bodies(on.ids.destination, backwards) == texts_of(added_backwards));
  BOOST_TEST(on.append(on.ids.organisation, added).results ==
             Results(added.size(), AppendResult::Duplicate));
  BOOST_TEST(on.ledger(on.ids.destination).queue_bytes == bytes_of(added));
  on.deliver(on.ids.destination, keys);
  BOOST_TEST(on.ledger(on.ids.destination).queue_bytes == 0);
  BOOST_TEST(on.sheaves() == 0);
}

BOOST_AUTO_TEST_CASE(requests_of_a_commit_share_a_sheaf_without_those_refused) {
  School on;
  on.append(on.ids.organisation, {entry(1)});
  const auto outcomes = on.commit(
      {on.request(entries(2, 4)),
       on.request({entry(5), entry(5), contradicted(entry(1)), entry(6)}, Atomicity::AllOrNothing),
       on.request({contradicted(entry(5)), reworded(entry(3))}),
       on.request({contradicted(entry(5)), contradicted(entry(2))})});
  BOOST_TEST(!checked(outcomes.at(1)).appended);
  BOOST_TEST(checked(outcomes.at(2)).results ==
             (Results{AppendResult::Accepted, AppendResult::Duplicate}));
  BOOST_TEST(checked(outcomes.at(3)).results ==
             (Results{AppendResult::Duplicate, AppendResult::Conflict}));
  const Keys first = checked(outcomes.at(0)).keys;
  BOOST_TEST(checked(outcomes.at(2)).keys.at(0) == first.back() + 1);
  BOOST_TEST(on.sheaves() == 2);
  BOOST_TEST(on.bodies(on.ids.destination, on.waiting(on.ids.destination)) ==
             texts_of({entry(1), entry(2), entry(3), entry(4), entry(5)}));
  // What the file says of 5 is what the third request said.
  BOOST_TEST(on.append(on.ids.organisation, {entry(5), entry(6)}).results ==
             (Results{AppendResult::Conflict, AppendResult::Accepted}));
}

BOOST_AUTO_TEST_CASE(a_sheaf_is_forgotten_in_parts) {
  School on;
  const Destination college = on.destination("college", "https://lrs.example/");
  on.append(on.ids.organisation, entries(1, 5));  // waits, and lies right before the college's
  const Keys keys = on.append(college.organisation, entries(1, 60)).keys;
  on.deliver(college.destination, {keys.begin(), keys.begin() + 50});
  const auto forget_all = [&on](int times_kept) {
    const Duration after{times_kept * (limits::kDeliveredIdKeptMs + 1)};
    int steps = 0;
    while (checked(on.store->forget_delivered_ids(kNow + after, 20))) {
      ++steps;
      on.reopen();
    }
    return steps;
  };
  BOOST_TEST(forget_all(1) == 3);
  BOOST_TEST(on.append(college.organisation, entries(51, 60)).results ==
             Results(10, AppendResult::Duplicate));
  BOOST_TEST(on.append(college.organisation, entries(1, 50)).results ==
             Results(50, AppendResult::Accepted));
  BOOST_TEST(on.append(on.ids.organisation, entries(1, 5)).results ==
             Results(5, AppendResult::Duplicate));
  const Keys waiting = on.waiting(college.destination);
  BOOST_TEST(on.bodies(college.destination, waiting).size() == 60);
  on.deliver(college.destination, waiting);
  BOOST_TEST(forget_all(2) == 0);  // notes that they are delivered
  BOOST_TEST(forget_all(3) == 3);
  BOOST_TEST(on.query_file("SELECT count(*) FROM arrival_sheaf") == 1);  // the school's
}

// The second of three sheaves is damaged: it is told so, becomes dead letters that are not sent
// again, and costs neither the others nor what comes.
BOOST_DATA_TEST_CASE(
    a_damaged_sheaf_is_told_and_costs_no_other,
    (std::array{
        "UPDATE body_sheaf SET contents = substr(contents, 1, length(contents) - 1)",
        "UPDATE body_sheaf SET contents = substr(contents, 1, 36)",
        "UPDATE body_sheaf SET contents = substr(contents, 1, 20)",
        "UPDATE body_sheaf SET contents = x''",
        "UPDATE body_sheaf SET contents = CAST(contents || 'x' AS BLOB)",
        "UPDATE body_sheaf SET contents = CAST('x' || substr(contents, 2) AS BLOB)",
        "UPDATE body_sheaf SET contents ="
        " CAST(substr(contents, 1, 16) || 'ffffffff' || substr(contents, 25) AS BLOB)",
        "UPDATE body_sheaf SET contents ="
        " CAST(substr(contents, 1, 24) || 'ffffffff' || substr(contents, 33) AS BLOB)",
        "UPDATE body_sheaf SET bodies = substr(bodies, 1, length(bodies) - 1)",
        "UPDATE body_sheaf SET bodies = CAST(bodies || 'x' AS BLOB)",
        "UPDATE body_sheaf SET last_key = last_key - 1",
        "UPDATE body_sheaf SET last_key = last_key + 1",
        "UPDATE body_sheaf SET last_key = 0x7fffffffffffffff",
        "DELETE FROM body_sheaf",
        "UPDATE arrival_sheaf SET arrivals = substr(arrivals, 65)",
        "DELETE FROM arrival_sheaf",
    }),
    damage) {
  School on;
  Keys keys;
  for (const std::uint32_t first : {11U, 21U, 31U}) {
    const Keys some = on.append(on.ids.organisation, entries(first, first + 9)).keys;
    keys.insert(keys.end(), some.begin(), some.end());
  }
  on.query_file(std::string(damage) + " WHERE first_key = " + std::to_string(keys[10]));
  const DestinationId lrs = on.ids.destination;
  BOOST_TEST(on.waiting(lrs) == keys);
  const Keys damaged = on.check_damage(keys);
  BOOST_TEST(std::count(damaged.begin(), damaged.end(), keys[19]) == 1);
  BOOST_TEST(on.append(on.ids.organisation, {entry(41), entry(11)}).results ==
             (Results{AppendResult::Accepted, AppendResult::Duplicate}));
  on.bury_damaged(damaged);
  on.deliver(lrs, {keys.begin() + 20, keys.end()});
  BOOST_TEST(on.ledger(lrs).delivered == 10);
  const auto replay = checked(on.dead_letters().replay({}, 100, contract::kOrder));
  BOOST_TEST(replay.entries.empty());
  BOOST_TEST(replay.damaged == static_cast<std::int64_t>(damaged.size()));
}

// One bit in one entry's part costs that entry alone.
BOOST_DATA_TEST_CASE(a_flipped_bit_is_never_sent,
                     (std::array{
                         "UPDATE body_sheaf SET bodies = CAST(replace(bodies, 'number\":14',"
                         " 'number\":15') AS BLOB)",
                         "UPDATE body_sheaf SET contents = CAST('1' || substr(contents, 2)"
                         " AS BLOB)",
                         "UPDATE body_sheaf SET contents = CAST(replace(contents, 'lane',"
                         " 'lame') AS BLOB)",
                         "UPDATE body_sheaf SET checksums = CAST(x'0000' ||"
                         " substr(checksums, 3) AS BLOB)",
                         "UPDATE body_sheaf SET checksums = substr(checksums, 2)",
                         "UPDATE arrival_sheaf SET arrivals = CAST(x'0000' ||"
                         " substr(arrivals, 3) AS BLOB)",
                         "UPDATE arrival_sheaf SET arrivals = CAST(substr(arrivals, 1, 639)"
                         " || x'77' AS BLOB)"}),
                     damage) {
  School on;
  const Keys keys = on.append(on.ids.organisation, entries(11, 20)).keys;
  on.query_file(damage);
  const Keys damaged = on.check_damage(keys);
  BOOST_TEST(!damaged.empty());
  on.bury_damaged(damaged);
  on.deliver(on.ids.destination, on.waiting(on.ids.destination));
  BOOST_TEST(on.ledger(on.ids.destination).delivered + std::int64_t(damaged.size()) == 10);
  BOOST_TEST(on.ledger(on.ids.destination).queue_bytes == 0);
  BOOST_TEST(on.sheaves() == 0);
}

// Those that are not in the index are read at start.
BOOST_DATA_TEST_CASE(damaged_ids_are_refused_at_start,
                     (std::array{"UPDATE arrival_sheaf SET arrivals = substr(arrivals, 2)",
                                 "UPDATE arrival_sheaf SET arrivals = x''"}),
                     damage) {
  School on;
  on.append(on.ids.organisation, entries(1, 3));
  on.store.reset();
  query(on.backend.folder.path() / "queue.sqlite", damage);
  const auto opened = SqliteStore::create(on.backend.folder.path());
  BOOST_TEST(!opened.value.has_value());
  BOOST_TEST(opened.error.message.find("(SQLite 11)") != std::string::npos);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace waypost::relay
