#include "proxy/faulty_store.hpp"

#include <algorithm>
#include <utility>

namespace waypost::tests {
namespace {

const relay::StoreError kDiskError{ErrorCode::StorageFailed, "a fault on demand"};

}  // namespace

FaultyStore::FaultyStore(std::unique_ptr<relay::Store> store, std::shared_ptr<StoreFaults> faults)
    : store_(std::move(store)), faults_(std::move(faults)) {}

relay::StoreResult<std::vector<relay::RegisteredDestination>> FaultyStore::register_destinations(
    std::span<const relay::DestinationName> names) {
  return store_->register_destinations(names);
}

relay::StoreResult<std::vector<relay::RegisteredDestination>> FaultyStore::change_destinations(
    std::span<const relay::RunningDestination> running,
    std::span<const relay::DestinationName> names) {
  return store_->change_destinations(running, names);
}

relay::StoreResult<std::vector<relay::StoreResult<relay::AppendOutcome>>> FaultyStore::commit(
    std::span<const relay::AppendRequest> appends, std::span<const relay::Settlement> settlements,
    Instant now) {
  if (!settlements.empty() && faults_->settlements_to_fail > 0) {
    --faults_->settlements_to_fail;
    return {{}, kDiskError};
  }
  return store_->commit(appends, settlements, now);
}

relay::StoreResult<bool> FaultyStore::lease(relay::DestinationId destination,
                                            std::string_view owner, Instant now, Instant until) {
  return store_->lease(destination, owner, now, until);
}

relay::StoreResult<std::vector<relay::WaitingEntry>> FaultyStore::load(
    relay::DestinationId destination, relay::Key after_key, std::size_t count_max) {
  if (faults_->loads_fail) return {{}, kDiskError};
  return store_->load(destination, after_key, count_max);
}

relay::StoreResult<std::vector<relay::Body>> FaultyStore::read(relay::DestinationId destination,
                                                               std::span<const relay::Key> keys) {
  if (std::find(keys.begin(), keys.end(), faults_->unreadable_key.load()) != keys.end()) {
    return {{}, kDiskError};
  }
  auto read = store_->read(destination, keys);
  if (!read.value) return read;
  for (relay::Body& body : *read.value) {
    if (body.key == faults_->damaged_key) body.damage = "a bit has flipped";
  }
  return read;
}

relay::StoreResult<relay::Ledger> FaultyStore::ledger(relay::DestinationId destination) {
  return store_->ledger(destination);
}

relay::StoreResult<std::int64_t> FaultyStore::release(relay::DestinationId destination,
                                                      const relay::Order& order) {
  return store_->release(destination, order);
}

relay::StoreResult<bool> FaultyStore::forget_delivered_ids(Instant now, std::size_t count_max) {
  return store_->forget_delivered_ids(now, count_max);
}

}  // namespace waypost::tests
