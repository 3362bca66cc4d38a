#pragma once

#include <optional>
#include <string_view>
#include <vector>

#include "proxy/store/dead_letters.hpp"
#include "waypost/statement/validate.hpp"

namespace waypost::relay {

struct Mending {
  std::optional<NewEntry> entry;  // or violations
  std::vector<statement::Violation> violations;
};

// The entry that takes the dead letter's place, from the text that a human wrote. It gets a new id
// where it has none or still the dead letter's.
Mending mended(std::string_view text, const DeadLetter& letter, statement::Version version);

}  // namespace waypost::relay
