#include "proxy/ingest/storage_answer.hpp"

#include "proxy/operations/log.hpp"

namespace waypost::relay {

Response storage_refusal(const StoreError& error) {
  Response response;
  switch (error.code) {
    case ErrorCode::StorageFull:
      response = error_response(507, error.code,
                                "The relay's disk is full; nothing of this request was stored.");
      response.add("Retry-After", "60");
      break;
    case ErrorCode::Overloaded:
      response = error_response(503, error.code, "The relay is busy; send the same again shortly.");
      response.add("Retry-After", "2");
      break;
    case ErrorCode::Stopping:
      response = error_response(503, error.code, "The relay is stopping; send the same again.");
      response.add("Retry-After", "5");
      break;
    default:
      response = error_response(503, ErrorCode::StorageFailed,
                                "The relay's store failed; send the same again.");
      response.add("Retry-After", "10");
  }
  if (error.code != ErrorCode::Overloaded && error.code != ErrorCode::Stopping) {
    log(LogLevel::Error, "append refused by the store",
        {{"code", word(error.code)}, {"reason", std::string_view(error.message)}});
  }
  return response;
}

}  // namespace waypost::relay
