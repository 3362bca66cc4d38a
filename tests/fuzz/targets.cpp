#include <array>

#include "fuzz/target.hpp"

namespace waypost::fuzz {

std::span<const Target> targets() {
  static constexpr auto kTargets = std::to_array<Target>({
      {"json", read_json},
      {"statement", validate_statement},
      {"stamp", stamp_statement},
      {"list", split_list},
      {"event", complete_event},
      {"post_body", read_post_body},
      {"retry_after", read_retry_after},
      {"settings", read_settings},
  });
  return kTargets;
}

}  // namespace waypost::fuzz
