#pragma once

#include <cstddef>
#include <mutex>
#include <string>
#include <vector>

#include "proxy/store/store.hpp"

namespace waypost::relay {

// How one destination is named in metrics, the log and alerts.
struct DestinationLabels {
  DestinationId id = 0;
  OrganisationId organisation_id = 0;
  std::string organisation;
  std::string url;
};

// Which destinations there are, and at which address now: a URL may change while the relay runs,
// nothing else does. From any thread.
class DestinationDirectory {
 public:
  explicit DestinationDirectory(std::vector<DestinationLabels> destinations);

  // In the order of the configuration.
  std::vector<DestinationLabels> all() const;

  std::size_t count() const;

  // In the order of the configuration, from 0; `index` is below count().
  DestinationLabels at(std::size_t index) const;

  // Empty labels where there is no such destination.
  DestinationLabels of(DestinationId destination) const;

  // The same destinations as they are from now on.
  void change(std::vector<DestinationLabels> destinations);

 private:
  mutable std::mutex mutex_;
  std::vector<DestinationLabels> destinations_;  // guarded
};

}  // namespace waypost::relay
