#pragma once

#include <string>
#include <string_view>

#include "statement/completion/members.hpp"

namespace waypost::statement {

// Appends the event's own context with what `defaults` has besides: member by member, and within
// contextActivities and extensions member by member too; the event's own always win. revision and
// platform of the defaults are left out unless the statement is about an activity (xAPI-Data 1.0.3
// section 2.4.6). Appends "{}" when nothing is left. Both are objects or absent.
void append_merged_context(std::string& to, const Slice& own, const Slice& defaults,
                           bool about_activity);

// Whether what the merged context has at `path` ("/context/...") came from the defaults.
bool comes_from_defaults(std::string_view path, const Slice& own, const Slice& defaults);

}  // namespace waypost::statement
