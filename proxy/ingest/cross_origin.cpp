#include "proxy/ingest/cross_origin.hpp"

#include <string>

namespace waypost::relay {

void allow_reading(Response& response, const Request& request, const Organisation& organisation) {
  response.add("Vary", "Origin");
  const std::string_view origin = request.header(Header::Origin);
  if (!organisation.allows(origin)) return;
  response.add("Access-Control-Allow-Origin", std::string(origin));
  response.add("Access-Control-Expose-Headers",
               "X-Experience-API-Version, X-Experience-API-Consistent-Through, ETag, "
               "Last-Modified, Retry-After");
}

void allow_reading_by_all(Response& response) {
  response.add("Access-Control-Allow-Origin", "*");
  response.add("Cross-Origin-Resource-Policy", "cross-origin");
}

Response preflight(const Request& request, const Organisation& organisation,
                   std::string_view methods) {
  Response response;
  if (!organisation.allows(request.header(Header::Origin))) {
    response = error_response(403, ErrorCode::NotAllowed,
                              "This origin is not one of the organisation's origins.");
    allow_reading(response, request, organisation);
    return response;
  }
  response.status = 204;
  allow_reading(response, request, organisation);
  response.add("Access-Control-Allow-Methods", std::string(methods));
  response.add("Access-Control-Allow-Headers",
               "Content-Type, X-Experience-API-Version, Authorization, If-Match, If-None-Match");
  response.add("Access-Control-Max-Age", "7200");
  return response;
}

}  // namespace waypost::relay
