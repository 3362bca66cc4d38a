// Bits that flip in the queue's file while no relay runs: whatever they hit, nothing is sent that
// was not accepted, and nothing crashes.
#include <filesystem>
#include <fstream>
#include <map>
#include <string>
#include <vector>

#include <boost/test/unit_test.hpp>

#include "proxy/store/sqlite_store.hpp"
#include "store_contract/harness.hpp"
#include "temporary_folder.hpp"
#include "waypost/random.hpp"

namespace waypost::relay {
namespace {

using contract::checked;
using contract::entries;
using contract::entry;
using contract::Harness;
using contract::Keys;
using contract::kNow;

constexpr std::uint64_t kSeeds = 400;
constexpr std::uint32_t kEntries = 90;

struct Backend {
  TemporaryFolder folder;

  std::unique_ptr<Store> open() {
    return checked(SqliteStore::create(folder.path(), {.unindexed_ids_max = 30}));
  }
};

// Bodies of more than a page too, which lie in pages of their own.
std::vector<NewEntry> some_entries() {
  std::vector<NewEntry> made = entries(1, kEntries);
  for (std::size_t i = 0; i < made.size(); i += 7) made[i].bytes.append(100 * i, 'x');
  return made;
}

struct Original {
  Destination ids;
  std::vector<NewEntry> entries = some_entries();
  std::map<Key, const NewEntry*> by_key;
  std::string main_file;
  std::string wal;
};

std::string contents_of(const std::filesystem::path& file) {
  std::ifstream in(file, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

void write(const std::filesystem::path& file, const std::string& contents) {
  std::ofstream(file, std::ios::binary | std::ios::trunc) << contents;
}

// Both files as a kill leaves them, some of it in the WAL alone.
Original make_original() {
  Harness<Backend> on;
  Original made;
  made.ids = on.destination("school", "https://lrs.example/");
  for (std::size_t first = 0; first < made.entries.size(); first += 10) {
    if (first == 60) on.reopen();
    const auto begin = made.entries.begin() + static_cast<std::ptrdiff_t>(first);
    const Keys keys = on.append(made.ids.organisation, {begin, begin + 10}).keys;
    for (std::size_t i = 0; i < keys.size(); ++i) {
      made.by_key[keys[i]] = &made.entries[first + i];
    }
  }
  made.main_file = contents_of(on.backend.folder.path() / "queue.sqlite");
  made.wal = contents_of(on.backend.folder.path() / "queue.sqlite-wal");
  return made;
}

void flip(std::string& contents, Random& random) {
  const auto at =
      static_cast<std::size_t>(random.up_to(static_cast<std::int64_t>(contents.size()) - 1));
  contents[at] = static_cast<char>(contents[at] ^ (1 << random.up_to(7)));
}

struct Found {
  std::size_t refused = 0;
  std::size_t damaged = 0;
  std::size_t unreadable = 0;
  std::size_t sound = 0;
};

// As the forwarder would: what is read is delivered, what is damaged buried, the rest waits.
void settle_all(Store& store, const Original& original, Found& found) {
  const auto waiting = store.load(original.ids.destination, 0, 1000);
  if (!waiting.value) return;
  for (const WaitingEntry& one : *waiting.value) {
    const auto read = store.read(original.ids.destination, std::span(&one.key, 1));
    if (!read.value) {
      ++found.unreadable;
      continue;
    }
    for (const Body& body : *read.value) {
      Settlement settlement{.destination = original.ids.destination};
      if (body.damage.empty()) {
        ++found.sound;
        const auto known = original.by_key.find(body.key);
        BOOST_REQUIRE((known != original.by_key.end()));
        BOOST_TEST(body.bytes == known->second->bytes);
        BOOST_TEST((body.id == known->second->id));
        settlement.delivered = {body.key};
      } else {
        ++found.damaged;
        settlement.buried = {{.key = body.key,
                              .reason = delivery::BurialReason::Damaged,
                              .words = body.damage,
                              .at = kNow}};
      }
      static_cast<void>(store.commit({}, std::span(&settlement, 1), kNow));
    }
  }
}

}  // namespace

BOOST_AUTO_TEST_SUITE(store_bit_flip)

BOOST_AUTO_TEST_CASE(no_flipped_bit_is_ever_sent) {
  const Original original = make_original();
  Found found;
  for (std::uint64_t seed = 1; seed <= kSeeds; ++seed) {
    BOOST_TEST_CONTEXT("seed " << seed) {
      Random random(seed);
      const TemporaryFolder folder;
      std::string main_file = original.main_file;
      std::string wal = original.wal;
      flip(seed % 4 == 0 ? wal : main_file, random);
      write(folder.path() / "queue.sqlite", main_file);
      write(folder.path() / "queue.sqlite-wal", wal);
      const auto opened = SqliteStore::create(folder.path());
      if (!opened.value) {
        ++found.refused;
        continue;
      }
      settle_all(**opened.value, original, found);
    }
  }
  BOOST_TEST_MESSAGE(found.sound << " sound, " << found.damaged << " damaged, " << found.unreadable
                                 << " unreadable, " << found.refused << " files refused");
  BOOST_TEST(found.damaged > 0U);
  BOOST_TEST(found.sound > kSeeds * kEntries / 2);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace waypost::relay
