#include "proxy/ingest/organisation.hpp"

#include <algorithm>

namespace waypost::relay {

Organisation::Organisation(const OrganisationSettings& settings, OrganisationId organisation_id,
                           std::string_view prefix)
    : id(organisation_id), name(settings.name), origins(settings.origins) {
  const bool old_one =
      std::any_of(settings.destinations.begin(), settings.destinations.end(),
                  [](const auto& lrs) { return lrs.xapi_version == statement::Version::V1_0_3; });
  version = old_one ? statement::Version::V1_0_3 : statement::Version::V2_0_0;
  self_declared_home_page = origins.front() + std::string(prefix) + "/self-declared";
}

bool Organisation::allows(std::string_view origin) const {
  return std::find(origins.begin(), origins.end(), origin) != origins.end();
}

}  // namespace waypost::relay
