#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "waypost/time.hpp"

// The page's clock may be wrong; how far, the tracker has learnt from earlier answers.
namespace waypost::relay {

// Where the original timestamp of a corrected statement is kept, in context.extensions.
inline constexpr std::string_view kOriginalTimestampExtension =
    "https://w3id.org/waypost/extensions/original-timestamp";

// The instant of a timestamp with a time zone (ISO 8601 with all of date and time, as RFC 3339 has
// it, offsets also as +hh and +hhmm); nothing for the rarer forms.
std::optional<Instant> parse_timestamp(std::string_view text);

// "2026-11-23T08:00:00.000Z"
std::string timestamp_text(Instant at);

// The timestamp moved by `offset`, never beyond `received`; nothing when it stays as it is: the
// offset is small (limits::kClockOffsetIgnoredMs), or its form is not known.
std::optional<std::string> corrected_timestamp(std::string_view timestamp, Duration offset,
                                               Instant received);

}  // namespace waypost::relay
