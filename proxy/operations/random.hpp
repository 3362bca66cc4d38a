#pragma once

#include <cstdint>

#include "waypost/uuid.hpp"

// The one place where the relay takes chance from.
namespace waypost::relay {

std::uint64_t random_number();

// A version 4 UUID.
Uuid random_id();

}  // namespace waypost::relay
