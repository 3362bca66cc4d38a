// Writes the store that store_file_test.cpp opens after upgrades: store_fixture FOLDER
#include "store_fixture.hpp"

#include <cstdio>
#include <cstdlib>
#include <utility>

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

void write(const char* folder) {
  // Part of the ids in the index, part not.
  const auto store = require(SqliteStore::create(folder, {.unindexed_ids_max = 4}));
  const auto ids = require(store->register_destinations(fixture::names()));
  const std::vector<Key> keys = append(*store, ids[0].organisation, 1, 8);
  append(*store, ids[2].organisation, 1, 2);
  append(*store, ids[0].organisation, 9, 10);
  const std::vector<Settlement> settlements{
      {.destination = ids[0].destination,
       .delivered = {keys[0], keys[1], keys[4]},
       .deferred = {{keys[2], fixture::kDeferredUntil}}},
      {.destination = ids[1].destination, .delivered = {keys[0]}, .deferred = {}}};
  require(store->commit({}, settlements, fixture::kReceived));
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
