#include "waypost/error.hpp"

namespace waypost {

std::string_view word(ErrorCode code) {
  switch (code) {
    case ErrorCode::None: return "none";
    case ErrorCode::MalformedJson: return "malformed-json";
    case ErrorCode::StatementInvalid: return "statement-invalid";
    case ErrorCode::TooLarge: return "too-large";
    case ErrorCode::TooMany: return "too-many";
    case ErrorCode::QueueFull: return "queue-full";
    case ErrorCode::StorageFailed: return "storage-failed";
    case ErrorCode::StorageFull: return "storage-full";
    case ErrorCode::Conflict: return "conflict";
    case ErrorCode::DuplicateInBatch: return "duplicate-in-batch";
    case ErrorCode::NotAllowed: return "not-allowed";
    case ErrorCode::UnsupportedMedia: return "unsupported-media";
    case ErrorCode::NotFound: return "not-found";
    case ErrorCode::MethodNotAllowed: return "method-not-allowed";
    case ErrorCode::Overloaded: return "overloaded";
    case ErrorCode::Stopping: return "stopping";
    case ErrorCode::BadRequest: return "bad-request";
    case ErrorCode::Internal: return "internal";
    case ErrorCode::CoreUnavailable: return "core-unavailable";
    case ErrorCode::TicketUnknown: return "ticket-unknown";
  }
  return "internal";
}

}  // namespace waypost
