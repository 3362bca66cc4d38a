// The power goes at every operation on the disk, and at many more instants with other sectors torn.
#include <map>
#include <memory>
#include <set>
#include <vector>

#include <boost/test/unit_test.hpp>

#include "power_cut_disk.hpp"
#include "proxy/store/sqlite_store.hpp"
#include "queue_file.hpp"
#include "store_contract/harness.hpp"
#include "temporary_folder.hpp"
#include "waypost/random.hpp"

namespace waypost::relay {
namespace {

using contract::checked;
using contract::entries;
using contract::entry;
using contract::Keys;
using contract::kNow;

constexpr std::uint32_t kEach = 6;
constexpr int kCommits = 14;
constexpr std::uint64_t kSeeds = 300;
constexpr std::int64_t kOperations = 400;  // so many there are, roughly
constexpr SqliteTuning kHasty{.unindexed_ids_max = 20, .checkpoint_pages = 12};
const std::vector<DestinationName> kNames{{"school", "https://lrs.example/"}};

// Commits until the power goes; knows what was acknowledged.
class Traffic {
 public:
  explicit Traffic(const TemporaryFolder& folder) : file_(folder.path() / "queue.sqlite") {}

  void run(Store& store) {
    const auto registered = store.register_destinations(kNames);
    if (!registered.value) return;
    ids_ = registered.value->at(0).ids;
    for (int i = 0; i < kCommits; ++i) commit(store);
  }

  // After the power came back.
  void check() {
    auto store = checked(SqliteStore::create(file_.parent_path(), kHasty));
    ids_ = checked(store->register_destinations(kNames)).at(0).ids;
    Keys waiting;
    for (const WaitingEntry& one : checked(store->load(ids_.destination, 0, 10'000))) {
      waiting.push_back(one.key);
    }
    std::map<Key, std::string> bodies;
    for (Body& body : checked(store->read(ids_.destination, waiting))) {
      BOOST_TEST(body.damage == "");
      bodies[body.key] = std::move(body.bytes);
    }
    BOOST_TEST(bodies.size() == waiting.size());
    for (const auto& [key, number] : acknowledged_) {
      if (maybe_settled_.contains(key)) continue;
      BOOST_TEST(bodies[key] == entry(number).bytes);
    }
    for (const Key key : settled_) BOOST_TEST(!bodies.contains(key));
    const Ledger ledger = checked(store->ledger(ids_.destination));
    BOOST_TEST(ledger.imbalance() == 0);
    BOOST_TEST(static_cast<std::size_t>(ledger.waiting) == waiting.size());
    BOOST_TEST(ledger.accepted >= static_cast<std::int64_t>(acknowledged_.size()));
    BOOST_TEST(ledger.delivered >= static_cast<std::int64_t>(settled_.size()));
    check_appends(*store);
  }

  // By SQLite's own eyes, the disk being as it is again.
  void check_file() const {
    BOOST_TEST(query(file_, "SELECT count(*) FROM pragma_quick_check WHERE quick_check <> 'ok'") ==
               0);
  }

 private:
  void commit(Store& store) {
    const std::uint32_t first = next_;
    next_ += kEach;
    const AppendRequest append{.organisation = ids_.organisation,
                               .entries = entries(first, first + kEach - 1),
                               .received = kNow};
    const Settlement settlement{.destination = ids_.destination, .delivered = unsettled_};
    maybe_settled_.insert(unsettled_.begin(), unsettled_.end());
    const auto outcomes = store.commit({&append, 1}, {&settlement, 1}, kNow);
    if (!outcomes.value) return;
    settled_.insert(unsettled_.begin(), unsettled_.end());
    unsettled_ = checked(outcomes.value->at(0)).keys;
    for (std::uint32_t i = 0; i < kEach; ++i) acknowledged_[unsettled_[i]] = first + i;
    unsettled_.erase(unsettled_.begin());  // one waits, so that others are settled beyond it
  }

  void check_appends(Store& store) {
    std::vector<NewEntry> again;
    for (const auto& [key, number] : acknowledged_) again.push_back(entry(number));
    again.push_back(entry(next_));
    const AppendRequest append{
        .organisation = ids_.organisation, .entries = again, .received = kNow};
    const auto results = checked(checked(store.commit({&append, 1}, {}, kNow)).at(0)).results;
    contract::Results expected(acknowledged_.size(), AppendResult::Duplicate);
    expected.push_back(AppendResult::Accepted);
    BOOST_TEST(results == expected);
  }

  std::filesystem::path file_;
  Destination ids_;
  std::uint32_t next_ = 1;
  std::map<Key, std::uint32_t> acknowledged_;
  Keys unsettled_;
  std::set<Key> settled_;
  std::set<Key> maybe_settled_;  // asked for
};

// Whether the power went before all was done.
bool cut_before(std::uint64_t operation, std::uint64_t seed) {
  bool was_cut = false;
  BOOST_TEST_CONTEXT("cut before operation " << operation << ", seed " << seed) {
    const TemporaryFolder folder;
    Traffic traffic(folder);
    {
      PowerCutDisk disk;
      disk.cut_before(operation);
      {
        const auto store = SqliteStore::create(folder.path(), kHasty);
        if (store.value) traffic.run(**store.value);
        was_cut = disk.is_cut();
        disk.cut_before(0);  // nor does closing the files write anything
      }
      disk.restore(seed);
      traffic.check();
    }
    traffic.check_file();
  }
  return was_cut;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(store_power_cut)

BOOST_AUTO_TEST_CASE(what_was_acknowledged_survives_a_power_cut_at_every_operation) {
  std::uint64_t operation = 1;
  while (cut_before(operation, operation)) ++operation;
  BOOST_TEST_MESSAGE(operation << " operations");
  BOOST_TEST(operation > 100U);
}

BOOST_AUTO_TEST_CASE(nor_does_it_matter_which_sectors_are_torn) {
  for (std::uint64_t seed = 1001; seed <= 1000 + kSeeds; ++seed) {
    cut_before(static_cast<std::uint64_t>(Random(seed).up_to(kOperations)) + 1, seed);
  }
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace waypost::relay
