#pragma once

#include <string_view>

#include "proxy/alerts/alert_sampler.hpp"
#include "proxy/alerts/alerter.hpp"
#include "proxy/forwarder/forwarder.hpp"
#include "proxy/operations/destination_directory.hpp"

namespace waypost::relay {

class GroupCommit;
class Store;

// Turns what the forwarder tells into facts for the alerter, and passes everything on to another
// observer. In the forwarder's thread: the store is asked in its own how many statements wait.
class AlertWatch final : public ForwarderObserver {
 public:
  // All outlive it, and it outlives what it has asked of the store's thread.
  AlertWatch(const DestinationDirectory& destinations, ForwarderObserver& next,
             GroupCommit& commits, Alerter& alerter, AlertSampler& sampler);

  void attempted(const DeliveryAttempt& attempt) override;
  void delivered(DestinationId destination, std::size_t statements) override;
  void buried(DestinationId destination, const Burial& burial) override;
  void condition_changed(DestinationId destination, const delivery::Report& report) override;
  void readdressed(DestinationId destination) override;
  void trouble(DestinationId destination, std::string_view message) override;

 private:
  struct Fact {
    DestinationId destination = 0;
    AlertKind kind = AlertKind::Outage;
    bool began = false;  // or ended
  };

  // In the store's thread.
  void tell(const Fact& fact, AlertDetails details, Store& store);
  AlertKey key(DestinationId destination, AlertKind kind) const;

  const DestinationDirectory& destinations_;
  ForwarderObserver& next_;
  GroupCommit& commits_;
  Alerter& alerter_;
  AlertSampler& sampler_;
};

}  // namespace waypost::relay
