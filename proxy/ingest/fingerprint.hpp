#pragma once

#include <string_view>

#include "proxy/store/store.hpp"

namespace waypost::relay {

// SHA-256 of a text as it was received.
Fingerprint fingerprint_of(std::string_view text);

// What a valid statement says by the immutability rules, whatever its spelling.
Meaning meaning_of(std::string_view statement);

}  // namespace waypost::relay
