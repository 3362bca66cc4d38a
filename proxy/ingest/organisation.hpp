#pragma once

#include <atomic>
#include <cstdint>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

#include "proxy/configuration/configuration.hpp"
#include "proxy/store/store.hpp"
#include "waypost/statement/validate.hpp"

namespace waypost::relay {

// What ingest knows of an organisation.
struct Organisation {
  OrganisationId id = 0;
  std::string name;
  // The oldest of its destinations' versions: what is newer could not be sent to all of them.
  statement::Version version = statement::Version::V1_0_3;
  // homePage of the accounts of learners who only say who they are.
  std::string self_declared_home_page;

  Organisation(const OrganisationSettings& settings, OrganisationId organisation_id,
               std::string_view prefix);

  // These from any thread.
  bool allows(std::string_view origin) const;
  std::int64_t queue_bytes_max() const;
  // What may change while the relay runs.
  void change(const OrganisationSettings& settings);

 private:
  struct Changeable {
    std::mutex mutex;
    std::vector<std::string> origins;  // guarded
    std::atomic<std::int64_t> queue_bytes_max{0};
  };

  std::shared_ptr<Changeable> changeable_;  // copies of an organisation share it
};

}  // namespace waypost::relay
