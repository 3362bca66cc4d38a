#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "waypost/time.hpp"
#include "waypost/uuid.hpp"

namespace waypost::relay {

// An event with what a page whose core does not run would have completed it by:
// {"id","captured_ms","event","defaults"}. The last may be missing. Points into its text.
struct CapturedEvent {
  std::string id_text;  // as received; empty where it is no string of an id's size
  std::optional<Uuid> id;
  std::optional<Instant> captured;
  std::string_view event;
  std::string_view defaults;
};

// Nothing where the text is an event itself: no event has a member "event".
std::optional<CapturedEvent> read_captured_event(std::string_view text);

}  // namespace waypost::relay
