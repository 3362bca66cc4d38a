#pragma once

#include <optional>
#include <string_view>

#include "waypost/statement/validate.hpp"

namespace waypost::relay {

// What X-Experience-API-Version asks for: 1.0 and 1.0.x, 2.0 and 2.0.x; nothing for anything else
// (xAPI-Communication 1.0.3 section 3.3).
std::optional<statement::Version> parse_xapi_version(std::string_view header);

// "1.0.3" or "2.0.0", as answers carry it.
std::string_view xapi_version_text(statement::Version version);

}  // namespace waypost::relay
