#pragma once

#include <optional>

#include <curl/curl.h>

#include "waypost/time.hpp"

namespace waypost::relay {

// When the certificate of the server itself ends, after a transfer with CURLOPT_CERTINFO that
// opened a connection. Nothing without TLS.
std::optional<Instant> end_of_certificate(CURL* handle);

}  // namespace waypost::relay
