#include <atomic>
#include <future>
#include <memory>
#include <thread>
#include <vector>

#include <boost/test/unit_test.hpp>

#include "proxy/store/group_commit.hpp"
#include "proxy/store/sqlite_store.hpp"
#include "store_contract/harness.hpp"
#include "temporary_folder.hpp"
#include "waypost/limits.hpp"

namespace waypost::relay {
namespace {

using contract::checked;
using contract::entries;
using contract::entry;
using contract::kNow;

// A real store behind a group commit whose thread can be held, so that requests gather.
class Relay {
 public:
  explicit Relay(Duration stalled_after = {limits::kStoreStalledAfterMs}) {
    auto store = checked(SqliteStore::create(folder_.path()));
    const std::vector<DestinationName> names{{"school", "https://lrs.example/"}};
    ids = checked(store->register_destinations(names)).at(0).ids;
    commits = std::make_unique<GroupCommit>(
        std::move(store),
        [this] {
          ++round_count;  // the clock is read once for each round of the thread
          return kNow;
        },
        stalled_after);
  }

  // The thread stands still until the promise is kept.
  std::promise<void> hold() {
    std::promise<void> release;
    std::promise<void> held;
    auto waiting = release.get_future().share();
    auto reached = held.get_future();
    auto announce = std::make_shared<std::promise<void>>(std::move(held));
    BOOST_REQUIRE(commits->run([waiting, announce](Store&) {
      announce->set_value();
      waiting.wait();
    }));
    reached.wait();
    round_count = 0;
    return release;
  }

  std::future<StoreResult<AppendOutcome>> append(std::vector<NewEntry> added) {
    auto promise = std::make_shared<std::promise<StoreResult<AppendOutcome>>>();
    commits->append(
        {ids.organisation, Atomicity::PerEntry, std::move(added), kNow},
        [promise](auto result, const auto& /*request*/) { promise->set_value(std::move(result)); });
    return promise->get_future();
  }

  std::future<std::optional<StoreError>> deliver(std::vector<Key> keys) {
    auto promise = std::make_shared<std::promise<std::optional<StoreError>>>();
    commits->settle({ids.destination, std::move(keys), {}},
                    [promise](auto error) { promise->set_value(std::move(error)); });
    return promise->get_future();
  }

  Ledger ledger() {
    std::promise<StoreResult<Ledger>> found;
    BOOST_REQUIRE(
        commits->run([&](Store& store) { found.set_value(store.ledger(ids.destination)); }));
    return checked(found.get_future().get());
  }

  Destination ids;
  std::atomic<int> round_count = 0;

 private:
  TemporaryFolder folder_;

 public:
  std::unique_ptr<GroupCommit> commits;
};

}  // namespace

BOOST_AUTO_TEST_SUITE(store_group_commit)

BOOST_AUTO_TEST_CASE(answers_each_request_with_its_own_outcome) {
  Relay relay;
  auto release = relay.hold();
  auto first = relay.append(entries(1, 3));
  auto again = relay.append(entries(3, 4));
  release.set_value();
  const AppendOutcome one = checked(first.get());
  const AppendOutcome two = checked(again.get());
  BOOST_TEST(one.keys.size() == 3);
  BOOST_TEST(two.results == (std::vector{AppendResult::Duplicate, AppendResult::Accepted}));
  BOOST_TEST(relay.round_count == 1);
  BOOST_TEST((relay.deliver(one.keys).get() == std::nullopt));
  BOOST_TEST(relay.ledger().delivered == 3);
  BOOST_TEST(relay.ledger().waiting == 1);
}

BOOST_AUTO_TEST_CASE(settlements_ride_with_appends) {
  Relay relay;
  const AppendOutcome outcome = checked(relay.append(entries(1, 2)).get());
  auto release = relay.hold();
  auto settled = relay.deliver(outcome.keys);
  auto appended = relay.append(entries(3, 3));
  release.set_value();
  BOOST_TEST((settled.get() == std::nullopt));
  checked(appended.get());
  BOOST_TEST(relay.round_count == 1);
}

BOOST_AUTO_TEST_CASE(takes_requests_of_many_threads) {
  constexpr std::uint32_t kThreads = 8;
  constexpr std::uint32_t kEach = 50;
  Relay relay;
  std::atomic<int> accepted = 0;
  std::vector<std::thread> threads;
  for (std::uint32_t thread = 0; thread < kThreads; ++thread) {
    threads.emplace_back([&relay, &accepted, thread] {
      for (std::uint32_t i = 0; i < kEach; ++i) {
        const auto result = relay.append({entry(1 + thread * kEach + i)}).get();
        if (!result.value) continue;
        ++accepted;
        relay.deliver(result.value->keys);
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  BOOST_TEST(accepted == int{kThreads * kEach});
  const Ledger ledger = relay.ledger();
  BOOST_TEST(ledger.accepted == kThreads * kEach);
  BOOST_TEST(ledger.delivered == kThreads * kEach);
  BOOST_TEST(ledger.imbalance() == 0);
}

BOOST_AUTO_TEST_CASE(refuses_what_comes_while_the_disk_stands_still) {
  Relay relay(Duration{0});
  BOOST_TEST(!relay.commits->stalled_for());
  auto release = relay.hold();
  BOOST_TEST(relay.commits->stalled_for().has_value());
  const auto refused = relay.append(entries(1, 2)).get();  // at once
  BOOST_TEST(!refused.value);
  BOOST_TEST((refused.error.code == ErrorCode::StorageFailed));
  auto settled = relay.deliver({});  // what LRSs have answered is kept for later
  release.set_value();
  BOOST_TEST((settled.get() == std::nullopt));
}

BOOST_AUTO_TEST_CASE(keeps_what_came_before_the_disk_stood_still) {
  Relay relay;
  auto release = relay.hold();
  BOOST_TEST(!relay.commits->stalled_for());
  auto appended = relay.append(entries(1, 2));
  release.set_value();
  BOOST_TEST(checked(appended.get()).keys.size() == 2);
}

BOOST_AUTO_TEST_CASE(refuses_what_exceeds_the_queue) {
  Relay relay;
  auto release = relay.hold();
  std::vector<std::future<StoreResult<AppendOutcome>>> taken;
  for (std::size_t i = 0; i < limits::kCommitQueueRequestsMax; ++i) {
    taken.push_back(relay.append({}));
  }
  const auto refused = relay.append(entries(1, 1)).get();  // though the thread stands still
  BOOST_TEST((refused.error.code == ErrorCode::Overloaded));
  release.set_value();
  for (auto& answer : taken) BOOST_TEST(answer.get().value.has_value());
  BOOST_TEST(checked(relay.append(entries(1, 1)).get()).appended);
}

BOOST_AUTO_TEST_CASE(refuses_more_bytes_than_the_queue_may_hold) {
  Relay relay;
  auto release = relay.hold();
  NewEntry large = entry(1);
  large.bytes.assign(limits::kCommitQueueBytesMax / 4, 'x');
  std::vector<std::future<StoreResult<AppendOutcome>>> answers;
  for (int i = 0; i < 4; ++i) answers.push_back(relay.append({large}));
  BOOST_TEST((answers.back().get().error.code == ErrorCode::Overloaded));
  release.set_value();
  BOOST_TEST(checked(answers.front().get()).appended);
}

BOOST_AUTO_TEST_CASE(stop_commits_what_was_taken_and_refuses_the_rest) {
  Relay relay;
  auto release = relay.hold();
  auto taken = relay.append(entries(1, 5));
  std::thread stopper([&relay] { relay.commits->stop(); });
  while (relay.commits->run([](Store&) {})) std::this_thread::yield();
  const auto refused = relay.append(entries(6, 6)).get();
  BOOST_TEST((refused.error.code == ErrorCode::Stopping));
  BOOST_TEST((relay.deliver({1}).get()->code == ErrorCode::Stopping));
  release.set_value();
  stopper.join();
  BOOST_TEST(checked(taken.get()).keys.size() == 5);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace waypost::relay
