#pragma once

#include <cstdint>
#include <string_view>

namespace waypost {

// Why something asked of Waypost was not done. The numbers are the same in C++ and in the ABI of
// the WASM module and never change meaning; outside (JSON answers, JS errors) the words stand.
enum class ErrorCode : std::int32_t {
  None = 0,
  MalformedJson = 1,      // the text is not JSON; nothing of it was used
  StatementInvalid = 2,   // at least one statement rule is broken; the violations say which
  TooLarge = 3,           // more bytes than limits.hpp allows
  TooMany = 4,            // more entries or statements than limits.hpp allows
  QueueFull = 5,          // the queue is at its bound; what it holds is kept
  StorageFailed = 6,      // the disk or database refused; what was acknowledged before is kept
  StorageFull = 7,        // no space left for new entries; what was acknowledged before is kept
  Conflict = 8,           // the statement id is known with another content
  DuplicateInBatch = 9,   // one statement id twice in one request
  NotAllowed = 10,        // the sender may not do this
  UnsupportedMedia = 11,  // a content type that is not taken here
  NotFound = 12,
  MethodNotAllowed = 13,
  Overloaded = 14,       // ask again later
  Stopping = 15,         // the relay is shutting down; ask again later
  BadRequest = 16,       // the request's frame (headers, parameters, envelope) is wrong
  Internal = 17,         // our own mistake
  CoreUnavailable = 18,  // the page cannot run the WASM module
  TicketUnknown = 19,    // a ticket that this relay did not give
};

// The stable word of a code ("statement-invalid"), as JSON answers and JS errors carry it.
std::string_view word(ErrorCode code);

}  // namespace waypost
