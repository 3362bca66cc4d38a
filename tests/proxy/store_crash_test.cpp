#include <functional>
#include <vector>

#include <signal.h>  // NOLINT(modernize-deprecated-headers): kill is POSIX
#include <sys/wait.h>
#include <unistd.h>

#include <boost/test/unit_test.hpp>

#include "proxy/store/sqlite_store.hpp"
#include "store_contract/harness.hpp"
#include "temporary_folder.hpp"

namespace waypost::relay {
namespace {

using contract::checked;
using contract::entries;
using contract::Harness;
using contract::kNow;
using contract::Results;

struct Backend {
  TemporaryFolder folder;

  std::unique_ptr<Store> open() {
    constexpr SqliteTuning kHasty{.unindexed_ids_max = 100, .checkpoint_pages = 50};
    return checked(SqliteStore::create(folder.path(), kHasty));
  }
};

constexpr std::uint32_t kEach = 5;

// What a commit of the child has put on disk, as it tells it.
struct Acknowledged {
  std::uint32_t first = 0;
  Key first_key = 0;
};

// Runs `work` in a process of its own, with a pipe to us.
class Child {
 public:
  explicit Child(const std::function<void(int)>& work) {
    int ends[2];
    BOOST_REQUIRE(::pipe(ends) == 0);
    process_ = ::fork();
    BOOST_REQUIRE(process_ >= 0);
    if (process_ == 0) {
      ::close(ends[0]);
      try {
        work(ends[1]);
      } catch (...) {
        ::_exit(3);  // not back into the test runner
      }
      ::_exit(1);
    }
    ::close(ends[1]);
    from_ = ends[0];
  }

  Child(const Child&) = delete;
  Child& operator=(const Child&) = delete;

  ~Child() {
    kill();
    ::close(from_);
  }

  bool next(Acknowledged& told) const {
    return ::read(from_, &told, sizeof(told)) == ssize_t{sizeof(told)};
  }

  void kill() {
    if (process_ < 0) return;
    ::kill(process_, SIGKILL);
    ::waitpid(process_, nullptr, 0);
    process_ = -1;
  }

 private:
  pid_t process_ = -1;
  int from_ = -1;
};

void tell(int pipe, const Acknowledged& told) {
  if (::write(pipe, &told, sizeof(told)) != ssize_t{sizeof(told)}) ::_exit(2);
}

// Appends five entries a commit and settles those of the commit before, without end.
void commit_forever(Backend& backend, std::uint32_t first, int pipe) {
  const auto store = backend.open();
  const std::vector<DestinationName> names{{"school", "https://lrs.example/"}};
  const auto [organisation, lrs] = checked(store->register_destinations(names)).at(0).ids;
  std::vector<Key> settled;
  for (;; first += kEach) {
    const std::vector<AppendRequest> appends{
        {organisation, Atomicity::PerEntry, entries(first, first + kEach - 1), kNow}};
    const std::vector<Settlement> settlements{{.destination = lrs, .delivered = settled}};
    const auto outcomes = checked(store->commit(appends, settlements, kNow));
    settled = outcomes.at(0).value->keys;
    tell(pipe, {first, settled.at(0)});
  }
}

}  // namespace

BOOST_AUTO_TEST_SUITE(store_crash)

BOOST_AUTO_TEST_CASE(what_was_acknowledged_survives_kill_9) {
  Backend backend;
  std::vector<Acknowledged> acknowledged;
  for (std::uint32_t round = 0; round < 8; ++round) {
    Child child([&](int pipe) { commit_forever(backend, 1 + round * 1'000'000, pipe); });
    Acknowledged told;
    for (std::uint32_t count = 0; count < 20 + round * 13; ++count) {
      BOOST_REQUIRE(child.next(told));
      acknowledged.push_back(told);
    }
    child.kill();
    while (child.next(told)) acknowledged.push_back(told);
  }
  const auto store = backend.open();
  const std::vector<DestinationName> names{{"school", "https://lrs.example/"}};
  const auto [organisation, lrs] = checked(store->register_destinations(names)).at(0).ids;
  for (const auto& [first, first_key] : acknowledged) {
    const std::vector<AppendRequest> again{
        {organisation, Atomicity::PerEntry, entries(first, first + kEach - 1), kNow}};
    const auto outcomes = checked(store->commit(again, {}, kNow));
    BOOST_TEST(outcomes.at(0).value->results == Results(kEach, AppendResult::Duplicate));
  }
  // The last commit of each round has not been settled: it waits, with its bytes.
  const auto waiting = checked(store->load(lrs, acknowledged.back().first_key - 1, 1));
  BOOST_REQUIRE(waiting.size() == 1);
  const std::vector<Key> keys{waiting[0].key};
  BOOST_TEST(checked(store->read(lrs, keys)).size() == 1);
  BOOST_TEST(checked(store->ledger(lrs)).imbalance() == 0);
}

BOOST_AUTO_TEST_CASE(a_second_process_is_refused) {
  Backend backend;
  Child child([&](int pipe) {
    const auto store = backend.open();
    tell(pipe, {});
    ::pause();
  });
  Acknowledged told;
  BOOST_REQUIRE(child.next(told));
  const auto second = SqliteStore::create(backend.folder.path());
  BOOST_TEST(!second.value.has_value());
  BOOST_TEST(second.error.message.find("another relay uses this folder") != std::string::npos);
  child.kill();
  BOOST_TEST(SqliteStore::create(backend.folder.path()).value.has_value());
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace waypost::relay
