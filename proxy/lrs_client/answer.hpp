#pragma once

#include <span>
#include <string_view>

#include "waypost/delivery/outcome.hpp"
#include "waypost/uuid.hpp"

namespace waypost::relay {

// Whether an LRS's answer says that the whole batch is stored: 204, or 200 with a JSON array,
// possibly empty, whose every element is an id that was sent. LRSs leave out ids that they knew, so
// neither number nor order counts; a login page or a captive portal answers 200 with something
// else.
delivery::Extent extent_of(int status, std::string_view content_type, std::string_view body,
                           std::span<const Uuid> sent);

}  // namespace waypost::relay
