#pragma once

#include <cstddef>
#include <string>
#include <string_view>

// JSON strings and RFC 6901 pointers, in and out.
namespace waypost::json {

// The length of the well-formed UTF-8 sequence (RFC 3629) that `text`, which is not empty, begins
// with; 0 where it begins with none.
std::size_t utf8_length(std::string_view text);

// Appends the characters that the inside of a JSON string stands for (escapes resolved, UTF-8).
// `inside` comes from the reader, so its escapes are well-formed; a lone surrogate, which UTF-8
// cannot hold, becomes U+FFFD. Of a text that was not read, a cut escape at the end is left out.
void append_decoded(std::string& to, std::string_view inside);

// Appends `text` (UTF-8) as a JSON string, quotes included, with only what must be escaped escaped.
void append_string(std::string& to, std::string_view text);

std::string as_string(std::string_view text);

// Appends "/" and the reference token of a key (RFC 6901 section 3: ~ is ~0, / is ~1).
void append_pointer_token(std::string& pointer, std::string_view key);

}  // namespace waypost::json
