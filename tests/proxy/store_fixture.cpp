// Writes the store that store_file_test.cpp opens after upgrades: store_fixture FOLDER
#include "store_fixture.hpp"

#include <array>
#include <cstdio>
#include <cstdlib>
#include <utility>

#include "proxy/store/dead_letters.hpp"
#include "proxy/store/sqlite_store.hpp"

namespace waypost::relay {
namespace {

template <typename T>
T require(StoreResult<T> result) {
  if (!result.value) {
    std::fprintf(stderr, "%s\n", result.error.message.c_str());
    std::exit(1);
  }
  return std::move(*result.value);
}

std::vector<Key> append(Store& store, OrganisationId organisation, std::uint32_t first,
                        std::uint32_t last) {
  AppendRequest request;
  request.organisation = organisation;
  request.received = fixture::kReceived;
  for (std::uint32_t number = first; number <= last; ++number) {
    request.entries.push_back(fixture::entry(number));
  }
  return require(require(store.commit(std::span(&request, 1), {}, fixture::kReceived)).at(0)).keys;
}

// What version 2 brought.
void write_academy(Store& store) {
  auto names = fixture::names_of_version_2();
  names.back().credential = "first key";
  const Destination ids = require(store.register_destinations(names)).back().ids;
  const std::vector<Key> keys = append(store, ids.organisation, 1, 5);
  Settlement settlement{.destination = ids.destination, .already_there = {keys[2]}};
  for (const std::size_t place : {0U, 1U, 3U}) {
    settlement.buried.push_back({.key = keys[place],
                                 .reason = delivery::BurialReason::TooLarge,
                                 .status = 413,
                                 .words = "too much",
                                 .attempts = 2,
                                 .at = fixture::kReceived});
  }
  require(store.commit({}, std::span(&settlement, 1), fixture::kReceived));
  DeadLetterFilter filter{.organisation = "academy", .id = fixture::entry(4).id};
  const Order order{.at = fixture::kReceived, .who = "ada", .selection = "one", .why = "test"};
  require(store.dead_letters().discard(filter, 1, order));
  filter.id = fixture::entry(2).id;
  require(store.dead_letters().replay(filter, 1, order));
  require(store.register_destinations(fixture::names_of_version_2()));
  const Settlement block{.destination = ids.destination,
                         .block = BlockNote{delivery::BlockCause::Endpoint}};
  require(store.commit({}, std::span(&block, 1), fixture::kReceived));
}

void write(const char* folder) {
  // Part of the ids in the index, part not.
  const auto store = require(SqliteStore::create(folder, {.unindexed_ids_max = 4}));
  const auto registered = require(store->register_destinations(fixture::names()));
  const std::array ids{registered[0].ids, registered[1].ids, registered[2].ids};
  const std::vector<Key> keys = append(*store, ids[0].organisation, 1, 8);
  append(*store, ids[2].organisation, 1, 2);
  append(*store, ids[0].organisation, 9, 10);
  const std::vector<Settlement> settlements{
      {.destination = ids[0].destination,
       .delivered = {keys[0], keys[1], keys[4]},
       .deferred = {{keys[2], fixture::kDeferredUntil}}},
      {.destination = ids[1].destination, .delivered = {keys[0]}, .deferred = {}}};
  require(store->commit({}, settlements, fixture::kReceived));
  write_academy(*store);
}

}  // namespace
}  // namespace waypost::relay

int main(int count, char** arguments) {
  if (count != 2) {
    std::fprintf(stderr, "usage: store_fixture FOLDER\n");
    return 2;
  }
  waypost::relay::write(arguments[1]);
  return 0;
}
