#include "proxy/operations/destination_directory.hpp"

#include <algorithm>
#include <utility>

namespace waypost::relay {

DestinationDirectory::DestinationDirectory(std::vector<DestinationLabels> destinations)
    : destinations_(std::move(destinations)) {}

std::vector<DestinationLabels> DestinationDirectory::all() const {
  const std::lock_guard lock(mutex_);
  return destinations_;
}

std::size_t DestinationDirectory::count() const {
  const std::lock_guard lock(mutex_);
  return destinations_.size();
}

DestinationLabels DestinationDirectory::at(std::size_t index) const {
  const std::lock_guard lock(mutex_);
  return destinations_.at(index);
}

DestinationLabels DestinationDirectory::of(DestinationId destination) const {
  const std::lock_guard lock(mutex_);
  const auto found = std::find_if(destinations_.begin(), destinations_.end(),
                                  [&](const auto& one) { return one.id == destination; });
  return found == destinations_.end() ? DestinationLabels{} : *found;
}

void DestinationDirectory::change(std::vector<DestinationLabels> destinations) {
  const std::lock_guard lock(mutex_);
  destinations_ = std::move(destinations);
}

}  // namespace waypost::relay
