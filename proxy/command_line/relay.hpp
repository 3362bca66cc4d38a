#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "proxy/alerts/alert_sampler.hpp"
#include "proxy/alerts/alert_watch.hpp"
#include "proxy/alerts/alerter.hpp"
#include "proxy/configuration/configuration.hpp"
#include "proxy/control/control_application.hpp"
#include "proxy/forwarder/forwarder.hpp"
#include "proxy/http/server.hpp"
#include "proxy/ingest/durable_append.hpp"
#include "proxy/ingest/organisation.hpp"
#include "proxy/ingest/public_application.hpp"
#include "proxy/operations/delivery_log.hpp"
#include "proxy/operations/destination_directory.hpp"
#include "proxy/operations/metrics.hpp"
#include "proxy/operations/private_application.hpp"
#include "proxy/store/group_commit.hpp"
#include "proxy/tracker_files/tracker_files.hpp"

namespace waypost::relay {

// The whole relay, put together from its rooms. All methods from one thread.
class Relay {
 public:
  // Opens the store and both listeners. Returns what is wrong in a sentence, or an empty string.
  std::string open(const Configuration& configuration);

  void start();

  // Takes over what may change while it runs, all of it or nothing. Returns why not, in sentences:
  // what needs a restart, or that the store cannot hold the queue of a changed url or key.
  std::vector<std::string> reload(const Configuration& configuration);

  // Takes no more connections; those with a request under way are answered first.
  void drain();

  bool drained() const { return public_server_->connections() == 0; }

  // The forwarder ends what it has in flight, then the store what it has taken.
  void stop();

 private:
  static void log_held(const DestinationLabels& destination, std::int64_t statements);
  std::string open_store(const Configuration& configuration);
  void make_organisations(const Configuration& configuration);
  std::string load_tracker_files(const Configuration& configuration);
  void open_control(const Configuration& configuration);
  std::string open_listeners(const Configuration& configuration);
  void make_alerts(const Configuration& configuration);
  void make_forwarder(const Configuration& configuration);

  // relay_reload.cpp: empty strings, or why all is as before.
  std::string readdress(const Configuration& configuration);
  std::string change_destinations(Store& store, const Configuration& configuration);
  void tell_of_change(Store& store, const DestinationLabels& before,
                      const ForwarderDestination& destination);

  Configuration configuration_;
  // Destroyed from the last to the first: what is above is used by what is below.
  std::vector<Organisation> organisations_;
  std::vector<RunningDestination> running_;  // in the order of configuration_
  std::unique_ptr<DestinationDirectory> destinations_;
  std::vector<std::optional<delivery::BlockCause>> blocked_;  // as the last run left them
  TrackerFiles tracker_files_;
  std::unique_ptr<Metrics> metrics_;
  std::unique_ptr<DeliveryLog> delivery_log_;
  std::unique_ptr<Alerter> alerter_;
  std::unique_ptr<GroupCommit> commits_;
  std::unique_ptr<AlertSampler> alert_sampler_;
  std::unique_ptr<AlertWatch> alert_watch_;
  std::unique_ptr<Forwarder> forwarder_;
  std::unique_ptr<DurableAppend> durable_append_;
  std::unique_ptr<PublicApplication> public_application_;
  std::unique_ptr<PrivateApplication> private_application_;
  std::unique_ptr<ControlApplication> control_application_;
  std::unique_ptr<Server> public_server_;
  std::unique_ptr<Server> private_server_;
  std::unique_ptr<Server> control_server_;  // null where it could not be opened
};

}  // namespace waypost::relay
