#pragma once

#include <string_view>

#include "proxy/forwarder/forwarder.hpp"
#include "proxy/operations/destination_directory.hpp"
#include "proxy/operations/metrics.hpp"

namespace waypost::relay {

// Writes what the forwarder tells into the log and the metrics.
class DeliveryLog final : public ForwarderObserver {
 public:
  // Both outlive it.
  DeliveryLog(const DestinationDirectory& destinations, Metrics& metrics);

  void attempted(const DeliveryAttempt& attempt) override;
  void delivered(DestinationId destination, std::size_t statements) override;
  void buried(DestinationId destination, const Burial& burial) override;
  void condition_changed(DestinationId destination, const delivery::Report& report) override;
  void readdressed(DestinationId destination) override;
  void trouble(DestinationId destination, std::string_view message) override;

 private:
  const DestinationDirectory& destinations_;
  Metrics& metrics_;
};

}  // namespace waypost::relay
