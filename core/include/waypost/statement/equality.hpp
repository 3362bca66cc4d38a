#pragma once

#include <string>
#include <string_view>

namespace waypost::statement {

// A text that is the same for two statements exactly when they are equal by the immutability rules
// (xAPI-Data 1.0.3 section 2.3.1): id, authority, stored, timestamp, version, attachments, activity
// definitions, verb displays and the order of members and of group members do not count; the
// spelling of numbers does. `statement` must be JSON that validate() found valid.
std::string comparable(std::string_view statement);

}  // namespace waypost::statement
