#include <memory>
#include <tuple>

#include "proxy/store/sqlite_store.hpp"
#include "temporary_folder.hpp"

namespace waypost::relay::contract {
namespace {

template <const SqliteTuning& kTuning>
struct SqliteBackend {
  TemporaryFolder folder;

  std::unique_ptr<Store> open() {
    auto opened = SqliteStore::create(folder.path() / "store", kTuning);
    return opened.value ? std::move(*opened.value) : nullptr;
  }
};

constexpr SqliteTuning kUsual;

// Every few commits something moves from memory to the index and from the WAL to the main file,
// and the filter of ids is begun anew.
constexpr SqliteTuning kHasty{.unindexed_ids_max = 100,
                              .id_filter_bytes_min = 64,
                              .id_filter_bytes_max = 1024,
                              .checkpoint_pages = 8};

}  // namespace

using StoreBackends = std::tuple<SqliteBackend<kUsual>, SqliteBackend<kHasty>>;

}  // namespace waypost::relay::contract

#include "store_contract.hpp"
