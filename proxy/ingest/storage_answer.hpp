#pragma once

#include "proxy/http/response.hpp"
#include "proxy/store/store.hpp"

namespace waypost::relay {

// What a sender is told when the store did not take its request: 507, or 503 with Retry-After.
Response storage_refusal(const StoreError& error);

}  // namespace waypost::relay
