#include <algorithm>
#include <filesystem>
#include <string>
#include <vector>

#include <signal.h>  // NOLINT(modernize-deprecated-headers): sighandler_t is POSIX
#include <sys/resource.h>
#include <sys/stat.h>

#include <boost/test/unit_test.hpp>

#include "failing_disk.hpp"
#include "proxy/store/sqlite_store.hpp"
#include "store_contract/harness.hpp"
#include "temporary_folder.hpp"

namespace waypost::relay {
namespace {

using contract::checked;
using contract::entries;
using contract::Harness;
using contract::Keys;
using contract::kNow;
using contract::Results;

struct Backend {
  TemporaryFolder folder;

  std::unique_ptr<Store> open() {
    constexpr SqliteTuning kHasty{.unindexed_ids_max = 20, .checkpoint_pages = 12};
    return checked(SqliteStore::create(folder.path(), kHasty));
  }
};

// Commits that append and settle while the disk may fail; knows what was acknowledged.
class Traffic {
 public:
  explicit Traffic(Harness<Backend>& on)
      : on_(on), ids_(on.destination("school", "https://lrs.example/")) {}

  void run(int commits) {
    for (int i = 0; i < commits; ++i) {
      const std::uint32_t first = next_;
      next_ += 10;
      const std::vector<AppendRequest> appends{
          {ids_.organisation, Atomicity::PerEntry, entries(first, first + 9), kNow}};
      const std::vector<Settlement> settlements{
          {.destination = ids_.destination, .delivered = unsettled_}};
      const auto outcomes = on_.store->commit(appends, settlements, kNow);
      if (!outcomes.value) continue;
      unsettled_ = checked(outcomes.value->at(0)).keys;
      acknowledged_.push_back(first);
    }
  }

  // Nothing acknowledged is missing, nothing is counted wrong, and the store still works.
  void check() {
    for (const std::uint32_t first : acknowledged_) {
      BOOST_TEST(on_.append(ids_.organisation, entries(first, first + 9)).results ==
                 Results(10, AppendResult::Duplicate));
    }
    const Keys waiting = on_.waiting(ids_.destination);
    BOOST_TEST(on_.bodies(ids_.destination, waiting).size() == waiting.size());
    for (const Key key : unsettled_) {
      BOOST_TEST((std::find(waiting.begin(), waiting.end(), key) != waiting.end()));
    }
    const Ledger ledger = checked(on_.store->ledger(ids_.destination));
    BOOST_TEST(ledger.imbalance() == 0);
    BOOST_TEST(static_cast<std::size_t>(ledger.waiting) == waiting.size());
    const AppendOutcome fresh = on_.append(ids_.organisation, entries(next_, next_));
    BOOST_TEST(fresh.results == Results(1, AppendResult::Accepted));
    ++next_;
  }

 private:
  Harness<Backend>& on_;
  Destination ids_;
  std::uint32_t next_ = 1;
  std::vector<std::uint32_t> acknowledged_;
  Keys unsettled_;
};

// Fails the first operation, then the second, ... until there are no more of them.
void fail_each_operation(FailingDisk::Fault fault) {
  bool has_failed = true;
  for (int at = 1; has_failed; ++at) {
    BOOST_TEST_CONTEXT("operation " << at) {
      FailingDisk disk;
      Harness<Backend> on;
      Traffic traffic(on);
      traffic.run(1);
      disk.fail(fault, at);
      traffic.run(8);
      has_failed = disk.has_failed();
      disk.heal();
      traffic.check();
      on.reopen();
      traffic.check();
    }
  }
}

// No file may grow beyond so many bytes while this lives.
class FileSizeLimit {
 public:
  explicit FileSizeLimit(rlim_t bytes) : handler_(::signal(SIGXFSZ, SIG_IGN)) {
    ::getrlimit(RLIMIT_FSIZE, &before_);
    const rlimit limited{bytes, before_.rlim_max};
    ::setrlimit(RLIMIT_FSIZE, &limited);
  }

  FileSizeLimit(const FileSizeLimit&) = delete;
  FileSizeLimit& operator=(const FileSizeLimit&) = delete;

  ~FileSizeLimit() {
    ::setrlimit(RLIMIT_FSIZE, &before_);
    ::signal(SIGXFSZ, handler_);
  }

 private:
  rlimit before_{};
  sighandler_t handler_;
};

std::string reserve_file;

bool reserve_is_given_up() {
  struct stat ignored {};

  return ::stat(reserve_file.c_str(), &ignored) != 0;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(store_disk)

BOOST_AUTO_TEST_CASE(nothing_is_lost_when_a_write_finds_the_disk_full) {
  fail_each_operation(FailingDisk::Fault::WriteFull);
}

BOOST_AUTO_TEST_CASE(nothing_is_lost_when_a_write_fails) {
  fail_each_operation(FailingDisk::Fault::WriteError);
}

BOOST_AUTO_TEST_CASE(nothing_is_lost_when_an_fsync_fails) {
  fail_each_operation(FailingDisk::Fault::SyncError);
}

BOOST_AUTO_TEST_CASE(every_commit_is_synced_before_it_returns) {
  FailingDisk disk;
  Harness<Backend> on;
  const auto [organisation, lrs] = on.destination("school", "https://lrs.example/");
  for (std::uint32_t number = 1; number <= 5; ++number) {
    const int before = disk.synced();
    const Keys keys = on.append(organisation, entries(number, number)).keys;
    BOOST_TEST(disk.synced() > before);
    const int between = disk.synced();
    on.deliver(lrs, keys);
    BOOST_TEST(disk.synced() > between);
  }
}

BOOST_AUTO_TEST_CASE(pages_that_lie_side_by_side_are_written_together) {
  FailingDisk disk;
  Harness<Backend> on;
  const auto [organisation, lrs] = on.destination("school", "https://lrs.example/");
  const int before = disk.written();
  on.append(organisation, entries(1, 1000));
  BOOST_TEST(disk.written() - before < 20);
}

BOOST_AUTO_TEST_CASE(after_a_failed_fsync_the_file_is_opened_anew) {
  FailingDisk disk;
  Harness<Backend> on;
  const auto [organisation, lrs] = on.destination("school", "https://lrs.example/");
  const int before = disk.opened();
  on.append(organisation, entries(1, 2));
  BOOST_TEST(disk.opened() == before);
  disk.fail(FailingDisk::Fault::SyncError, 1);
  const std::vector<AppendRequest> appends{
      {organisation, Atomicity::PerEntry, entries(3, 4), kNow}};
  const auto failed = on.store->commit(appends, {}, kNow);
  BOOST_TEST((failed.error.code == ErrorCode::StorageFailed));
  BOOST_TEST(on.waiting(lrs).size() >= 2);
  BOOST_TEST(disk.opened() > before);
}

BOOST_AUTO_TEST_CASE(a_full_disk_refuses_appends_and_lets_deliveries_through) {
  FailingDisk disk;
  Harness<Backend> on;
  const auto [organisation, lrs] = on.destination("school", "https://lrs.example/");
  const Keys keys = on.append(organisation, entries(1, 20)).keys;
  reserve_file = (on.backend.folder.path() / "reserve").string();
  BOOST_TEST(!reserve_is_given_up());
  disk.fill(reserve_is_given_up);
  const std::vector<AppendRequest> appends{
      {organisation, Atomicity::PerEntry, entries(21, 22), kNow}};
  for (std::size_t i = 0; i < keys.size(); ++i) {
    on.deliver(lrs, {keys[i]});
    on.check_ledger(lrs, 20, static_cast<std::int64_t>(i) + 1);
    const auto refused = on.store->commit(appends, {}, kNow);
    BOOST_REQUIRE(!refused.value);
    BOOST_TEST((refused.error.code == ErrorCode::StorageFull));
  }
  disk.heal();
  BOOST_TEST(on.append(organisation, entries(21, 22)).results ==
             Results(2, AppendResult::Accepted));
  BOOST_TEST(!reserve_is_given_up());
}

BOOST_AUTO_TEST_CASE(a_disk_filled_by_the_queue_itself_gets_its_room_back) {
  FailingDisk disk;
  Harness<Backend> on;
  const auto [organisation, lrs] = on.destination("school", "https://lrs.example/");
  std::vector<NewEntry> large = entries(1, 50);
  for (NewEntry& entry : large) entry.bytes.assign(100'000, 'x');
  on.deliver(lrs, on.append(organisation, large).keys);
  const auto file = on.backend.folder.path() / "queue.sqlite";
  const auto full_size = std::filesystem::file_size(file);
  BOOST_TEST(full_size > 5'000'000U);

  const std::vector<AppendRequest> appends{
      {organisation, Atomicity::PerEntry, entries(51, 52), kNow}};
  disk.fill([] { return false; });
  BOOST_TEST((on.store->commit(appends, {}, kNow).error.code == ErrorCode::StorageFull));
  disk.heal();
  {
    const FileSizeLimit no_room_for_the_reserve(8'000'000);
    BOOST_TEST((on.store->commit(appends, {}, kNow).error.code == ErrorCode::StorageFull));
    BOOST_TEST(std::filesystem::file_size(file) < full_size / 10);
  }
  BOOST_TEST(on.append(organisation, entries(51, 52)).results ==
             Results(2, AppendResult::Accepted));
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace waypost::relay
