#pragma once

#include <atomic>
#include <functional>
#include <memory>
#include <vector>

#include "proxy/http/application.hpp"
#include "proxy/operations/metrics.hpp"

namespace waypost::relay {

class GroupCommit;
class Store;

// The private listener: /healthz (the store's thread answers), /readyz (a commit goes through, and
// the relay is not stopping), /metrics. While the disk stands still the first two say so, and the
// metrics of the queues are those of before.
class PrivateApplication final : public Application {
 public:
  // All outlive it. `connections` says how many the public listener has.
  PrivateApplication(GroupCommit& commits, std::vector<DestinationLabels> destinations,
                     Metrics& metrics, std::function<std::size_t()> connections);

  Admission admit(const Request& request) override;

  void dress(const Request& /*request*/, Response& /*refusal*/) override {}

  void answered(unsigned /*status*/) override {}

  // From now on /readyz says no.
  void stop_being_ready() { stopping_.store(true); }

 private:
  void answer_health(const std::shared_ptr<Exchange>& exchange);
  void answer_readiness(const std::shared_ptr<Exchange>& exchange);
  void answer_metrics(const std::shared_ptr<Exchange>& exchange);
  void read_ledgers(Store& store);
  Response metrics(Duration stalled);

  GroupCommit& commits_;
  std::vector<DestinationLabels> destinations_;
  Metrics& metrics_;
  std::function<std::size_t()> connections_;
  std::atomic<bool> stopping_{false};
};

}  // namespace waypost::relay
