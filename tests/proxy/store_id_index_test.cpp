// The index of statement ids, and the filter in front of it that must never hide one.
#include <cstdint>

#include <boost/test/unit_test.hpp>

#include "proxy/store/sqlite/database.hpp"
#include "proxy/store/sqlite/id_filter.hpp"
#include "proxy/store/sqlite/id_index.hpp"
#include "temporary_folder.hpp"

namespace waypost::relay::sqlite {
namespace {

// Hashes as good as those of ids.
std::uint64_t hash(std::uint64_t number) {
  number = (number + 1) * 0x9e3779b97f4a7c15ULL;
  number = (number ^ number >> 30) * 0xbf58476d1ce4e5b9ULL;
  number = (number ^ number >> 27) * 0x94d049bb133111ebULL;
  return number ^ number >> 31;
}

OwnedId id(std::uint32_t number) {
  OwnedId made{1 + number % 2, {}};
  const std::uint64_t bytes = hash(number);
  for (std::size_t i = 0; i < 8; ++i) {
    made.id.bytes.at(i) = static_cast<std::uint8_t>(bytes >> (8 * i));
  }
  return made;
}

// So small that filters are outgrown, and worn out, within some hundred ids.
constexpr SqliteTuning kTight{.id_filter_bytes_min = 64, .id_filter_bytes_max = 16 * 1024};

struct Indexed {
  TemporaryFolder folder;
  Database database{folder.path() / "queue.sqlite", Verify::SmallTables, kTight};
  IdIndex index{database.connection, kTight};

  // The ids from first to last, in one transaction.
  void put(std::uint32_t first, std::uint32_t last, bool kept = true) {
    Transaction transaction(database.connection);
    index.read_some_into_filter(last - first + 1);
    for (std::uint32_t number = first; number <= last; ++number) index.put(id(number), number);
    if (kept) transaction.commit();
  }

  void remove(std::uint32_t first, std::uint32_t last, bool kept = true) {
    Transaction transaction(database.connection);
    for (std::uint32_t number = first; number <= last; ++number) index.remove(id(number), last);
    if (kept) transaction.commit();
  }

  void check(std::uint32_t first, std::uint32_t last) {
    for (std::uint32_t number = first; number <= last; ++number) {
      BOOST_TEST((index.find(id(number)) == Key{number}), "id " << number);
    }
  }

  // Puts an id into the table which the filter, once it is whole, has not been told of.
  bool finds_what_it_was_not_told_of(std::uint32_t number) {
    database.connection.execute("DELETE FROM statement_id WHERE key = -1");
    Statement statement(database.connection.handle(),
                        "INSERT INTO statement_id (organisation, id, key) VALUES (?1, ?2, -1)");
    statement.execute(id(number).organisation, id(number).id);
    return index.find(id(number)).has_value();
  }
};

}  // namespace

BOOST_AUTO_TEST_SUITE(store_id_index)

BOOST_AUTO_TEST_CASE(a_filter_holds_what_was_added_and_little_else) {
  IdFilter filter(64 * 1024);
  const std::uint64_t count = filter.capacity();
  for (std::uint64_t number = 0; number < count; ++number) filter.add(hash(number));
  BOOST_TEST(filter.count() == count);
  std::uint64_t missing = 0;
  for (std::uint64_t number = 0; number < count; ++number) {
    if (!filter.may_hold(hash(number))) ++missing;
  }
  BOOST_TEST(missing == 0U);
  std::uint64_t mistaken = 0;
  for (std::uint64_t number = count; number < 2 * count; ++number) {
    if (filter.may_hold(hash(number))) ++mistaken;
  }
  BOOST_TEST(mistaken < count / 50);
}

BOOST_AUTO_TEST_CASE(every_id_is_found_while_filters_are_outgrown) {
  Indexed on;
  constexpr std::uint32_t kTogether = 37;
  for (std::uint32_t first = 1; first < 6000; first += kTogether) {
    const std::uint32_t last = first + kTogether - 1;
    on.put(first, last, false);
    BOOST_TEST(!on.index.find(id(last)).has_value());
    on.put(first, last);
    on.check(first, last);
    on.check(1, 1);
  }
  on.check(1, 6000);
}

BOOST_AUTO_TEST_CASE(every_id_is_found_while_others_are_removed) {
  Indexed on;
  constexpr std::uint32_t kTogether = 50;
  constexpr std::uint32_t kKept = 4 * kTogether;
  for (std::uint32_t first = 1; first < 10'000; first += kTogether) {
    on.put(first, first + kTogether - 1);
    if (first <= kKept) continue;
    const std::uint32_t passed = first - kKept;
    on.remove(passed, passed + kTogether - 1, false);
    on.check(passed, first + kTogether - 1);
    on.remove(passed, passed + kTogether - 1);
    BOOST_TEST(!on.index.find(id(passed)).has_value());
  }
}

BOOST_AUTO_TEST_CASE(a_filter_that_is_whole_spares_the_table) {
  Indexed on;
  on.put(1, 400);
  BOOST_TEST(on.finds_what_it_was_not_told_of(1001));
  IdIndex reopened(on.database.connection, kTight);
  const auto read_some = [&reopened, &on] {
    Transaction transaction(on.database.connection);
    reopened.read_some_into_filter(1);
    transaction.commit();
  };
  const auto find_untold = [&](std::uint32_t number) {
    on.finds_what_it_was_not_told_of(number);
    return reopened.find(id(number)).has_value();
  };
  BOOST_TEST(find_untold(1002));
  read_some();
  BOOST_TEST(find_untold(1003), "not before all is read");
  for (int again = 0; again < 6; ++again) read_some();  // also into a filter that is large enough
  std::size_t found = 0;
  for (std::uint32_t number = 1004; number < 1104; ++number) {
    if (find_untold(number)) ++found;
  }
  BOOST_TEST(found < 20U);
  for (std::uint32_t number = 1; number <= 400; ++number) {
    BOOST_TEST(reopened.find(id(number)).has_value());
  }
}

// What is removed leaves bits behind: without a new filter they would answer for every id one day.
BOOST_AUTO_TEST_CASE(a_worn_filter_is_begun_anew) {
  Indexed on;
  constexpr std::uint32_t kTogether = 50;
  for (std::uint32_t first = 1; first < 20'000; first += kTogether) {
    on.put(first, first + kTogether - 1);
    if (first > kTogether) on.remove(first - kTogether, first - 1);
  }
  std::size_t found = 0;
  for (std::uint32_t number = 30'000; number < 30'100; ++number) {
    if (on.finds_what_it_was_not_told_of(number)) ++found;
  }
  BOOST_TEST(found < 50U);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace waypost::relay::sqlite
