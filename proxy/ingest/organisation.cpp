#include "proxy/ingest/organisation.hpp"

#include <algorithm>
#include <utility>

namespace waypost::relay {

Organisation::Organisation(const OrganisationSettings& settings, OrganisationId organisation_id,
                           std::string_view prefix)
    : id(organisation_id), name(settings.name), changeable_(std::make_shared<Changeable>()) {
  change(settings);
  const bool old_one =
      std::any_of(settings.destinations.begin(), settings.destinations.end(),
                  [](const auto& lrs) { return lrs.xapi_version == statement::Version::V1_0_3; });
  version = old_one ? statement::Version::V1_0_3 : statement::Version::V2_0_0;
  self_declared_home_page = settings.origins.front() + std::string(prefix) + "/self-declared";
}

bool Organisation::allows(std::string_view origin) const {
  const std::lock_guard lock(changeable_->mutex);
  const auto& origins = changeable_->origins;
  return std::find(origins.begin(), origins.end(), origin) != origins.end();
}

std::int64_t Organisation::queue_bytes_max() const {
  return changeable_->queue_bytes_max;
}

void Organisation::change(const OrganisationSettings& settings) {
  changeable_->queue_bytes_max = settings.queue_bytes_max;
  const std::lock_guard lock(changeable_->mutex);
  changeable_->origins = settings.origins;
}

}  // namespace waypost::relay
