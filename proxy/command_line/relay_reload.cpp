// What changes while the relay runs.
#include <algorithm>
#include <cstddef>
#include <future>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "proxy/command_line/destination_settings.hpp"
#include "proxy/command_line/reasons_to_restart.hpp"
#include "proxy/command_line/relay.hpp"

namespace waypost::relay {
namespace {

std::string words_of(const StoreError& error) {
  const std::string words = "a changed url or api_key cannot be taken over: " + error.message;
  return error.code == ErrorCode::Conflict ? words + "; this needs a restart" : words;
}

}  // namespace

std::vector<std::string> Relay::reload(const Configuration& configuration) {
  std::vector<std::string> reasons = reasons_to_restart(configuration_, configuration);
  if (!reasons.empty()) return reasons;
  // First, since it alone may fail.
  std::string trouble = readdress(configuration);
  if (!trouble.empty()) return {std::move(trouble)};
  configuration_ = configuration;
  for (std::size_t i = 0; i < organisations_.size(); ++i) {
    const OrganisationSettings& organisation = configuration.organisations[i];
    organisations_[i].change(organisation);
    alert_sampler_->set_queue_bytes_max(organisations_[i].id, organisation.queue_bytes_max);
  }
  const auto destinations = destinations_of(configuration);
  for (std::size_t i = 0; i < destinations.size(); ++i) {
    forwarder_->settings_changed(forwarder_destination(running_[i].ids, destinations[i]));
  }
  alert_sampler_->set_oldest_waiting(configuration.alerts.oldest_waiting);
  alerter_->settings_changed(configuration.alerts);
  return {};
}

std::string Relay::readdress(const Configuration& configuration) {
  const std::vector<DestinationName> names = names_of(configuration);
  const bool is_same =
      std::equal(running_.begin(), running_.end(), names.begin(), names.end(),
                 [](const auto& running, const auto& name) { return running.name == name; });
  if (is_same) return {};
  auto answer = std::make_shared<std::promise<std::string>>();
  const bool asked = commits_->run([this, answer, &configuration](Store& store) {
    answer->set_value(change_destinations(store, configuration));
  });
  return asked ? answer->get_future().get() : "the store is stopping";
}

// All of it in the store's thread: an entry that is appended after the change is told to the
// forwarder after the change, and nobody samples the queue under its former name in between.
std::string Relay::change_destinations(Store& store, const Configuration& configuration) {
  const std::vector<DestinationName> names = names_of(configuration);
  const auto changed = store.change_destinations(running_, names);
  if (!changed.value) return words_of(changed.error);
  const std::vector<RunningDestination> former = std::exchange(running_, {});
  for (std::size_t i = 0; i < names.size(); ++i) {
    running_.push_back({changed.value->at(i).ids, names[i]});
  }
  destinations_->change(labels_of(running_));
  const auto settings = destinations_of(configuration);
  for (std::size_t i = 0; i < names.size(); ++i) {
    const Destination& ids = running_[i].ids;
    const auto before = std::find_if(former.begin(), former.end(), [&](const auto& one) {
      return one.ids.destination == ids.destination;
    });
    if (before->name == names[i]) continue;
    tell_of_change(store, labels_of(*before), forwarder_destination(ids, settings[i]));
    const std::int64_t held = changed.value->at(i).held;
    if (held > 0) log_held(labels_of(running_[i]), held);
  }
  return {};
}

void Relay::tell_of_change(Store& store, const DestinationLabels& before,
                           const ForwarderDestination& destination) {
  const DestinationLabels now = destinations_->of(before.id);
  if (now.url != before.url) metrics_->readdress(now);
  forwarder_->readdress(destination);
  alert_sampler_->readdressed(store, before);
}

}  // namespace waypost::relay
