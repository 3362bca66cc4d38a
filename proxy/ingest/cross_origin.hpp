#pragma once

#include <string_view>

#include "proxy/http/request.hpp"
#include "proxy/http/response.hpp"
#include "proxy/ingest/organisation.hpp"

// What a page of another origin may do here (the CORS protocol of the Fetch standard).
namespace waypost::relay {

// Lets the page that asked read the answer, if its origin is the organisation's.
void allow_reading(Response& response, const Request& request, const Organisation& organisation);

// For files that are everybody's.
void allow_reading_by_all(Response& response);

// The answer to a preflight.
Response preflight(const Request& request, const Organisation& organisation,
                   std::string_view methods);

}  // namespace waypost::relay
