#pragma once

#include <functional>
#include <vector>

#include "proxy/configuration/configuration.hpp"
#include "proxy/forwarder/forwarder.hpp"
#include "proxy/operations/destination_directory.hpp"
#include "proxy/store/store.hpp"

// What the rooms are told of the destinations of a configuration.
namespace waypost::relay {

// Those of all organisations, in order. Not to outlive the configuration.
std::vector<std::reference_wrapper<const DestinationSettings>> destinations_of(
    const Configuration& configuration);

// For the store, likewise.
std::vector<DestinationName> names_of(const Configuration& configuration);

// For metrics, the log and alerts.
DestinationLabels labels_of(const RunningDestination& running);
std::vector<DestinationLabels> labels_of(const std::vector<RunningDestination>& running);

// For the forwarder.
ForwarderDestination forwarder_destination(const Destination& ids,
                                           const DestinationSettings& settings);

}  // namespace waypost::relay
