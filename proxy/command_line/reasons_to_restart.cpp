#include "proxy/command_line/reasons_to_restart.hpp"

#include <algorithm>
#include <string_view>

namespace waypost::relay {
namespace {

class Comparison {
 public:
  void compare(const Configuration& running, const Configuration& wanted) {
    must_stay("[listen] public", running.public_address == wanted.public_address);
    must_stay("[listen] private", running.private_address == wanted.private_address);
    must_stay("[listen] prefix", running.prefix == wanted.prefix);
    must_stay("[store] folder", running.store_folder == wanted.store_folder);
    must_stay("[tracker] folder", running.tracker_folder == wanted.tracker_folder);
    const auto same_name = [](const auto& one, const auto& other) {
      return one.name == other.name;
    };
    if (!std::equal(running.organisations.begin(), running.organisations.end(),
                    wanted.organisations.begin(), wanted.organisations.end(), same_name)) {
      reasons_.emplace_back(
          "organisations were added, taken away, renamed or moved; this needs a restart");
      return;
    }
    for (std::size_t i = 0; i < running.organisations.size(); ++i) {
      compare(running.organisations[i], wanted.organisations[i]);
    }
  }

  std::vector<std::string> take() { return std::move(reasons_); }

 private:
  void must_stay(std::string_view setting, bool same) {
    if (!same) reasons_.push_back(std::string(setting) + " was changed; this needs a restart");
  }

  void compare(const OrganisationSettings& running, const OrganisationSettings& wanted) {
    const std::string of = "\"" + running.name + "\": ";
    if (running.origins.front() != wanted.origins.front()) {
      reasons_.push_back(of +
                         "the first of origins, which names the learners, was changed; this needs "
                         "a restart, and learners get new names");
    }
    if (running.destinations.size() != wanted.destinations.size()) {
      reasons_.push_back(of + "destinations were added or taken away; this needs a restart");
      return;
    }
    for (std::size_t i = 0; i < running.destinations.size(); ++i) {
      must_stay(of + "xapi_version",
                running.destinations[i].xapi_version == wanted.destinations[i].xapi_version);
    }
  }

  std::vector<std::string> reasons_;
};

}  // namespace

std::vector<std::string> reasons_to_restart(const Configuration& running,
                                            const Configuration& wanted) {
  Comparison comparison;
  comparison.compare(running, wanted);
  return comparison.take();
}

}  // namespace waypost::relay
