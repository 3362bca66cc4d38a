#pragma once

#include <string_view>

#include "proxy/ingest/acceptance.hpp"

namespace waypost::relay {

// Completes an event, which must bring its own id and timestamp, so that a repeat is known as one:
// as its members, or beside it (captured_event.hpp).
Acceptance accept_event(std::string_view event, const AcceptanceRules& rules);

}  // namespace waypost::relay
