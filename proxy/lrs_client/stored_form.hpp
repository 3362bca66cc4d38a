#pragma once

#include <string>
#include <string_view>

namespace waypost::relay {

// The statement without what LRSs change in it by keeping it: they read it and write it anew, so
// that 0.80 and 8e1 become 0.8 and 80, and some write an objectType where it may be left out. Two
// statements are the same to an LRS when comparable() of these is. `statement` must be valid.
std::string stored_form(std::string_view statement);

}  // namespace waypost::relay
