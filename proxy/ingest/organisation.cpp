#include "proxy/ingest/organisation.hpp"

#include <algorithm>
#include <utility>

namespace waypost::relay {

Organisation::Organisation(const OrganisationSettings& settings, OrganisationId organisation_id,
                           std::string_view prefix)
    : id(organisation_id), name(settings.name), origins_(std::make_shared<Origins>()) {
  origins_->list = settings.origins;
  const bool old_one =
      std::any_of(settings.destinations.begin(), settings.destinations.end(),
                  [](const auto& lrs) { return lrs.xapi_version == statement::Version::V1_0_3; });
  version = old_one ? statement::Version::V1_0_3 : statement::Version::V2_0_0;
  self_declared_home_page = settings.origins.front() + std::string(prefix) + "/self-declared";
}

bool Organisation::allows(std::string_view origin) const {
  const std::lock_guard lock(origins_->mutex);
  const auto& list = origins_->list;
  return std::find(list.begin(), list.end(), origin) != list.end();
}

void Organisation::set_origins(std::vector<std::string> origins) {
  const std::lock_guard lock(origins_->mutex);
  origins_->list = std::move(origins);
}

}  // namespace waypost::relay
