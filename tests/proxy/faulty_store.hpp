#pragma once

#include <atomic>
#include <memory>

#include "proxy/store/store.hpp"

namespace waypost::tests {

// What fails, on demand, from any thread.
struct StoreFaults {
  std::atomic<relay::Key> unreadable_key{0};
  std::atomic<relay::Key> damaged_key{0};
  std::atomic<bool> loads_fail{false};
  std::atomic<int> settlements_to_fail{0};
};

// A real store between which and its user a disk may fail.
class FaultyStore : public relay::Store {
 public:
  FaultyStore(std::unique_ptr<relay::Store> store, std::shared_ptr<StoreFaults> faults);

  relay::StoreResult<std::vector<relay::RegisteredDestination>> register_destinations(
      std::span<const relay::DestinationName> names) override;
  relay::StoreResult<std::vector<relay::RegisteredDestination>> change_destinations(
      std::span<const relay::RunningDestination> running,
      std::span<const relay::DestinationName> names) override;
  relay::StoreResult<std::vector<relay::StoreResult<relay::AppendOutcome>>> commit(
      std::span<const relay::AppendRequest> appends, std::span<const relay::Settlement> settlements,
      Instant now) override;
  relay::StoreResult<bool> lease(relay::DestinationId destination, std::string_view owner,
                                 Instant now, Instant until) override;
  relay::StoreResult<std::vector<relay::WaitingEntry>> load(relay::DestinationId destination,
                                                            relay::Key after_key,
                                                            std::size_t count_max) override;
  relay::StoreResult<std::vector<relay::Body>> read(relay::DestinationId destination,
                                                    std::span<const relay::Key> keys) override;
  relay::StoreResult<relay::Ledger> ledger(relay::DestinationId destination) override;
  relay::StoreResult<std::int64_t> release(relay::DestinationId destination,
                                           const relay::Order& order) override;

  relay::DeadLetters& dead_letters() override { return store_->dead_letters(); }

  relay::StoreResult<bool> forget_delivered_ids(Instant now, std::size_t count_max) override;

 private:
  std::unique_ptr<relay::Store> store_;
  std::shared_ptr<StoreFaults> faults_;
};

}  // namespace waypost::tests
