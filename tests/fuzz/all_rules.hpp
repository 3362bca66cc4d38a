#pragma once

#include <array>
#include <string_view>

#include "waypost/statement/validate.hpp"

namespace waypost::fuzz {

// Every kind of rules that the product asks for.
inline constexpr auto kAllRules = std::to_array<statement::Rules>({
    {.version = statement::Version::V1_0_3},
    {.version = statement::Version::V2_0_0},
    {.version = statement::Version::V1_0_3, .unstamped = true, .json_only = true},
    {.version = statement::Version::V2_0_0, .unstamped = true, .json_only = true},
});

}  // namespace waypost::fuzz
