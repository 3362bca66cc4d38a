#pragma once

#include <compare>
#include <string_view>

namespace waypost::json {

// Exact order of two JSON numbers by their text (RFC 8259 section 6), without rounding: 30 digits
// compare as 30 digits, and 1.0, 1 and 10e-1 are equal. Both must be well-formed numbers.
std::strong_ordering compare_decimals(std::string_view left, std::string_view right);

// Whether a well-formed JSON number is within the range of an IEEE 754 double. Reading such a
// number may round it but never makes it infinite.
bool fits_double(std::string_view number);

// Whether a well-formed JSON number has no fraction, however spelt: 2, 2.0 and 20e-1 have none.
bool is_whole(std::string_view number);

}  // namespace waypost::json
