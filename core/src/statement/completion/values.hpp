#pragma once

#include <string>
#include <string_view>

#include "statement/completion/members.hpp"
#include "waypost/time.hpp"

// The short forms of single values in an event, written out as xAPI has them. Each appends the
// JSON of the value, or returns what to tell the author and appends nothing (empty: all is well).
namespace waypost::statement {

// A number from -1 to 1 is {"scaled":n}; a Score object stays as it is.
std::string_view append_score(std::string& to, const Slice& score);

// A string stays; a number without an exponent and a boolean become strings of their spelling.
std::string_view append_response(std::string& to, const Slice& response);

// A number of seconds becomes "PTnS", cut after two decimals (xAPI-Data 1.0.3 section 4.6); a
// string stays as it is.
std::string_view append_duration(std::string& to, const Slice& duration);

// "YYYY-MM-DDTHH:MM:SS.mmmZ", quotes included; years 1970 to 9999, instants beyond are clamped.
void append_timestamp(std::string& to, Instant at);

}  // namespace waypost::statement
