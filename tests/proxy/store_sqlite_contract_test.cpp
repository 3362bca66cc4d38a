#include <memory>
#include <tuple>

#include "proxy/store/sqlite_store.hpp"
#include "temporary_folder.hpp"

namespace waypost::relay::contract {
namespace {

struct SqliteBackend {
  TemporaryFolder folder;

  std::unique_ptr<Store> open() {
    auto opened = SqliteStore::create(folder.path() / "store");
    return opened.value ? std::move(*opened.value) : nullptr;
  }
};

}  // namespace

using StoreBackends = std::tuple<SqliteBackend>;

}  // namespace waypost::relay::contract

#include "store_contract.hpp"
