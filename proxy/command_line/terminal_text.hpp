#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace waypost::relay {

enum class LineBreaks : std::uint8_t { Escaped, Kept };

// UTF-8 from outside without what a terminal would obey: control characters, also those of C1, and
// what turns the direction of writing, become \uXXXX. Inside JSON that means the same.
std::string terminal_text(std::string_view text, LineBreaks line_breaks = LineBreaks::Escaped);

// At most so many bytes of it, whole characters, with an ellipsis where it was longer.
std::string shortened(std::string_view text, std::size_t bytes_max);

}  // namespace waypost::relay
