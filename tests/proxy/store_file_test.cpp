#include <array>
#include <filesystem>
#include <fstream>
#include <string>

#include <sys/stat.h>

#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>

#include "proxy/store/sqlite_store.hpp"
#include "queue_file.hpp"
#include "store_contract/harness.hpp"
#include "store_fixture.hpp"
#include "temporary_folder.hpp"
#include "waypost/limits.hpp"

namespace waypost::relay {
namespace {

using contract::checked;
using contract::entries;
using contract::Harness;
using contract::Keys;
using contract::Results;

struct Backend {
  TemporaryFolder folder;

  std::filesystem::path path() const { return folder.path() / "a" / "store"; }

  std::unique_ptr<Store> open() { return checked(SqliteStore::create(path())); }
};

mode_t mode_of(const std::filesystem::path& path) {
  struct stat status {};

  BOOST_REQUIRE(::stat(path.c_str(), &status) == 0);
  return status.st_mode & 0777U;
}

std::string refusal(const std::filesystem::path& folder) {
  const auto opened = SqliteStore::create(folder);
  BOOST_TEST(!opened.value.has_value());
  return opened.error.message;
}

void open_version(Harness<Backend>& on, const std::string& version) {
  on.store.reset();
  std::filesystem::copy_file(WAYPOST_TESTS_FOLDER "/fixtures/" + version + "/queue.sqlite",
                             on.backend.path() / "queue.sqlite",
                             std::filesystem::copy_options::overwrite_existing);
  on.store = on.backend.open();
}

// What files of every version hold.
void check_what_waits(Harness<Backend>& on) {
  const auto registered = on.registered();
  const std::array ids{registered[0].ids, registered[1].ids, registered[2].ids};
  on.check_ledger(ids[0].destination, 10, 3);
  on.check_ledger(ids[1].destination, 10, 1);
  on.check_ledger(ids[2].destination, 2, 0);

  const auto waiting = on.load_all(ids[0].destination);
  std::vector<std::string> expected;
  for (const std::uint32_t number : {3U, 4U, 6U, 7U, 8U, 9U, 10U}) {
    expected.push_back(fixture::entry(number).bytes);
  }
  BOOST_TEST(on.bodies(ids[0].destination, on.waiting(ids[0].destination)) == expected);
  BOOST_REQUIRE(waiting.size() == 7);
  BOOST_TEST(waiting[0].lane == "odd");
  BOOST_TEST(waiting[0].attempts == 1);
  BOOST_TEST(waiting[0].next_at.ms == fixture::kDeferredUntil.ms);

  std::vector<NewEntry> all;
  for (std::uint32_t number = 1; number <= 10; ++number) all.push_back(fixture::entry(number));
  BOOST_TEST(on.append(ids[0].organisation, all).results == Results(10, AppendResult::Duplicate));
  BOOST_TEST(on.append(ids[2].organisation, all).results.at(2) == AppendResult::Accepted);
}

}  // namespace

BOOST_AUTO_TEST_SUITE(store_file)

BOOST_AUTO_TEST_CASE(folder_and_files_are_the_owners_alone) {
  Harness<Backend> on;
  on.append(on.destination("school", "https://lrs.example/").organisation, entries(1, 3));
  BOOST_TEST(mode_of(on.backend.path()) == 0700U);
  for (const auto& file : std::filesystem::directory_iterator(on.backend.path())) {
    BOOST_TEST(mode_of(file.path()) == 0600U, file.path());
  }
}

BOOST_AUTO_TEST_CASE(a_second_store_is_refused) {
  Harness<Backend> on;
  BOOST_TEST(refusal(on.backend.path()).ends_with("another relay uses this folder"));
}

BOOST_AUTO_TEST_CASE(a_file_that_was_taken_away_takes_no_more_until_it_is_back) {
  Harness<Backend> on;
  const auto ids = on.destination("school", "https://lrs.example/");
  const Keys keys = on.append(ids.organisation, entries(1, 3)).keys;
  const auto file = on.backend.path() / "queue.sqlite";
  const auto elsewhere = on.backend.path() / "elsewhere.sqlite";
  const auto refused = [&] {
    const AppendRequest request{.organisation = ids.organisation, .entries = entries(4, 4)};
    const auto outcome = on.store->commit({&request, 1}, {}, contract::kNow);
    return !outcome.value && outcome.error.code == ErrorCode::StorageFailed &&
           outcome.error.message.find("taken away") != std::string::npos;
  };
  std::filesystem::rename(file, elsewhere);
  BOOST_TEST(refused());
  std::filesystem::copy_file(elsewhere, file);
  BOOST_TEST(refused(), "another file in its place");
  on.deliver(ids.destination, {keys[0]});  // What it has still leaves.
  std::filesystem::rename(elsewhere, file);
  BOOST_TEST(on.append(ids.organisation, entries(4, 4)).results == Results{AppendResult::Accepted});
  BOOST_TEST(on.ledger(ids.destination).waiting == 3);
}

BOOST_AUTO_TEST_CASE(the_wal_stays_bounded) {
  TemporaryFolder folder;
  const auto store = checked(SqliteStore::create(folder.path(), {.checkpoint_pages = 100}));
  const auto ids = checked(store->register_destinations(fixture::names())).at(0).ids;
  for (std::uint32_t number = 1; number <= 300; ++number) {
    const std::vector<AppendRequest> requests{
        {ids.organisation, Atomicity::PerEntry, entries(number, number), contract::kNow}};
    checked(store->commit(requests, {}, contract::kNow));
  }
  const auto bytes = std::filesystem::file_size(folder.path() / "queue.sqlite-wal");
  BOOST_TEST(bytes < 200U * 4096U);
}

BOOST_AUTO_TEST_CASE(files_that_are_not_ours_are_refused_and_kept) {
  const TemporaryFolder folder;
  const auto file = folder.path() / "queue.sqlite";
  std::ofstream(file) << std::string(10'000, 'x');
  BOOST_TEST(!refusal(folder.path()).empty());
  std::filesystem::remove(file);
  query(file, "CREATE TABLE somebody_elses (data)");
  BOOST_TEST(refusal(folder.path()).find("not a queue of Waypost") != std::string::npos);
  BOOST_TEST(query(file, "SELECT count(*) FROM somebody_elses") == 0);
}

BOOST_AUTO_TEST_CASE(the_queue_of_a_newer_version_is_refused) {
  Backend backend;
  backend.open();
  query(backend.path() / "queue.sqlite", "PRAGMA user_version = 1000");
  BOOST_TEST(refusal(backend.path()).find("a newer Waypost") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(the_queue_of_version_1_gives_what_waits_in_it) {
  Harness<Backend> on;
  open_version(on, "store_v1");
  on.names = fixture::names();
  check_what_waits(on);
  BOOST_TEST(on.graves().empty());
}

// Later versions hold the same.
BOOST_DATA_TEST_CASE(the_queue_of_a_later_version_gives_what_waits_in_it,
                     (std::array{"store_v2", "store_v3", "store_v4", "store_v5"}), version) {
  Harness<Backend> on;
  open_version(on, version);
  on.names = fixture::names_of_version_2();
  const RegisteredDestination academy = on.registered().back();
  BOOST_TEST(academy.held == 2);
  BOOST_TEST((academy.blocked == delivery::BlockCause::Endpoint));
  const Ledger ledger = on.ledger(academy.ids.destination);
  BOOST_TEST(ledger.accepted == 5);
  BOOST_TEST(ledger.already_there == 1);
  BOOST_TEST(ledger.dead_letters == 1);
  BOOST_TEST(ledger.discarded == 1);
  BOOST_TEST(ledger.waiting == 2);
  BOOST_TEST(ledger.queue_bytes == static_cast<std::int64_t>(fixture::entry(2).bytes.size() +
                                                             fixture::entry(5).bytes.size()));
  const auto graves = on.graves();
  BOOST_REQUIRE(graves.size() == 1);
  BOOST_TEST((graves[0].id == fixture::entry(1).id));
  BOOST_TEST((graves[0].reason == delivery::BurialReason::TooLarge));
  BOOST_TEST(graves[0].words == "too much");
  BOOST_TEST(on.audit().size() == 2);
  BOOST_TEST(checked(on.store->release(academy.ids.destination, contract::kOrder)) == 2);
  BOOST_TEST(on.bodies(academy.ids.destination, on.waiting(academy.ids.destination)) ==
             (std::vector{fixture::entry(5).bytes, fixture::entry(2).bytes}));
  check_what_waits(on);
}

BOOST_DATA_TEST_CASE(what_an_earlier_version_kept_leaves_like_the_rest,
                     (std::array{"store_v1", "store_v2", "store_v3", "store_v4", "store_v5"}),
                     version) {
  Harness<Backend> on;
  open_version(on, version);
  on.names = fixture::names_of_version_2();
  for (const RegisteredDestination& registered : on.registered()) {
    const auto [organisation, destination] = registered.ids;
    on.append(organisation, entries(1, 3));
    checked(on.store->release(destination, contract::kOrder));
  }
  for (const RegisteredDestination& registered : on.registered()) {
    on.deliver(registered.ids.destination, on.waiting(registered.ids.destination));
    BOOST_TEST(on.ledger(registered.ids.destination).waiting == 0);
  }
  for (const RegisteredDestination& registered : on.registered()) {
    BOOST_TEST(on.ledger(registered.ids.destination).queue_bytes == 0);
  }
  for (const int times_kept : {2, 4, 6}) {  // the first notes the deliveries
    const Instant later = contract::kNow + Duration{times_kept * limits::kDeliveredIdKeptMs};
    while (checked(on.store->forget_delivered_ids(later, 4))) {
    }
  }
  on.store.reset();
  const auto file = on.backend.path() / "queue.sqlite";
  BOOST_TEST(query(file, "SELECT count(*) FROM body_sheaf") == 0);
  BOOST_TEST(query(file, "SELECT count(*) FROM arrival_sheaf") == 0);
  BOOST_TEST(query(file, "SELECT count(*) FROM statement_id") == 0);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace waypost::relay
