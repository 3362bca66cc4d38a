#include "proxy/command_line/destination_settings.hpp"

#include <cstdint>
#include <string>
#include <string_view>

#include "proxy/ingest/fingerprint.hpp"
#include "proxy/ingest/xapi_version.hpp"

namespace waypost::relay {
namespace {

// Tells one key from another in the store, which never has the secret.
std::string key_digest(std::string_view api_key) {
  constexpr std::string_view kDigits = "0123456789abcdef";
  std::string text;
  for (const std::uint8_t byte : fingerprint_of(api_key)) {
    text += kDigits[byte >> 4U];
    text += kDigits[byte & 0x0fU];
  }
  return text;
}

LrsEndpoint endpoint_of(const DestinationSettings& destination) {
  LrsEndpoint endpoint;
  endpoint.url = destination.url;
  endpoint.api_key = destination.api_key;
  endpoint.api_secret = destination.api_secret;
  endpoint.xapi_version = xapi_version_text(destination.xapi_version);
  return endpoint;
}

delivery::Settings delivery_settings(const DestinationSettings& destination) {
  delivery::Settings settings;
  settings.hop = delivery::Hop::Lrs;
  settings.interval = destination.update_interval;
  settings.batch_count_max = destination.batch_count_max;
  settings.batch_count_soon = destination.batch_count_max;
  settings.batch_bytes_max = destination.batch_bytes_max;
  return settings;
}

}  // namespace

std::vector<std::reference_wrapper<const DestinationSettings>> destinations_of(
    const Configuration& configuration) {
  std::vector<std::reference_wrapper<const DestinationSettings>> all;
  for (const OrganisationSettings& organisation : configuration.organisations) {
    all.insert(all.end(), organisation.destinations.begin(), organisation.destinations.end());
  }
  return all;
}

std::vector<DestinationName> names_of(const Configuration& configuration) {
  std::vector<DestinationName> names;
  for (const OrganisationSettings& organisation : configuration.organisations) {
    for (const DestinationSettings& destination : organisation.destinations) {
      names.push_back({organisation.name, destination.url, key_digest(destination.api_key)});
    }
  }
  return names;
}

DestinationLabels labels_of(const RunningDestination& running) {
  const auto& [ids, name] = running;
  return {ids.destination, ids.organisation, name.organisation, name.url};
}

std::vector<DestinationLabels> labels_of(const std::vector<RunningDestination>& running) {
  std::vector<DestinationLabels> labels;
  labels.reserve(running.size());
  for (const RunningDestination& one : running) labels.push_back(labels_of(one));
  return labels;
}

ForwarderDestination forwarder_destination(const Destination& ids,
                                           const DestinationSettings& settings) {
  return {ids, endpoint_of(settings), delivery_settings(settings), settings.xapi_version};
}

}  // namespace waypost::relay
