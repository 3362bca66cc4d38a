#pragma once

#include <string_view>
#include <vector>

#include "proxy/forwarder/forwarder.hpp"
#include "proxy/operations/metrics.hpp"

namespace waypost::relay {

// Writes what the forwarder tells into the log and the metrics.
class DeliveryLog final : public ForwarderObserver {
 public:
  // The metrics outlive it.
  DeliveryLog(std::vector<DestinationLabels> destinations, Metrics& metrics);

  void attempted(const DeliveryAttempt& attempt) override;
  void delivered(DestinationId destination, std::size_t statements) override;
  void buried(DestinationId destination, const Burial& burial) override;
  void condition_changed(DestinationId destination, const delivery::Report& report) override;
  void trouble(DestinationId destination, std::string_view message) override;

 private:
  const DestinationLabels& labels(DestinationId destination) const;

  std::vector<DestinationLabels> destinations_;
  Metrics& metrics_;
};

}  // namespace waypost::relay
