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
    case ErrorCode::QueueFull:
      response = error_response(507, error.code,
                                "So much waits for this organisation's LRS that no more is taken; "
                                "nothing of this request was stored. Send it again later.");
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
  const bool is_disks_fault = error.code != ErrorCode::QueueFull &&
                              error.code != ErrorCode::Overloaded &&
                              error.code != ErrorCode::Stopping;
  if (is_disks_fault) {
    log(LogLevel::Error, "append refused by the store",
        {{"code", word(error.code)}, {"reason", std::string_view(error.message)}});
  }
  return response;
}

}  // namespace waypost::relay
