#pragma once

#include <map>
#include <string_view>
#include <vector>

#include "proxy/alerts/alert_sampler.hpp"
#include "proxy/alerts/alerter.hpp"
#include "proxy/forwarder/forwarder.hpp"
#include "proxy/operations/metrics.hpp"

namespace waypost::relay {

class GroupCommit;

// Turns what the forwarder tells into facts for the alerter, and passes everything on to another
// observer. In the forwarder's thread: the store is asked in its own how many statements wait.
class AlertWatch final : public ForwarderObserver {
 public:
  // All outlive it; the alerter outlives the store's thread too.
  AlertWatch(const std::vector<DestinationLabels>& destinations, ForwarderObserver& next,
             GroupCommit& commits, Alerter& alerter, AlertSampler& sampler);

  void attempted(const DeliveryAttempt& attempt) override;
  void delivered(DestinationId destination, std::size_t statements) override;
  void buried(DestinationId destination, const Burial& burial) override;
  void condition_changed(DestinationId destination, const delivery::Report& report) override;
  void trouble(DestinationId destination, std::string_view message) override;

 private:
  AlertKey key(DestinationId destination, AlertKind kind) const;

  std::map<DestinationId, DestinationLabels> destinations_;
  ForwarderObserver& next_;
  GroupCommit& commits_;
  Alerter& alerter_;
  AlertSampler& sampler_;
};

}  // namespace waypost::relay
