#pragma once

#include "statement/checker.hpp"

namespace waypost::statement {

// What an object is, by its objectType or for want of one; kNone, with a violation noted, when it
// cannot be told or may not stand there.
Kinds decide_kind(Checker& checker, const Frame& frame);

// Whether each property belongs to `frame.kind`, and all are there that it must have.
void check_membership(Checker& checker, const Frame& frame);

// A key that the shape does not have.
void report_unknown_property(Checker& checker, const Shape& shape, std::string_view name);

}  // namespace waypost::statement
