#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "waypost/error.hpp"
#include "waypost/statement/validate.hpp"
#include "waypost/time.hpp"

// The body of /post: {"v":1,"nonce","ticket","sent_ms","offset_ms","kind","entries":[...]}.
namespace waypost::relay {

enum class EntryKind : std::uint8_t { Statements, Events };

struct EnvelopeEntry {
  std::string_view text;  // the entry's own bytes, within the body
  // Of a statement, by unstamped_rules(); its positions are in `validated`.
  statement::Validation validation;
  std::string_view validated;
};

// Points into the body it was read from.
struct Envelope {
  std::string_view nonce;  // a JSON string as it stands in the body, quotes included
  EntryKind kind = EntryKind::Statements;
  Duration clock_offset;
  bool has_ticket = false;
  std::vector<EnvelopeEntry> entries;
};

struct EnvelopeReading {
  std::optional<Envelope> envelope;
  ErrorCode code = ErrorCode::None;  // and what is wrong, where there is no envelope
  std::string message;
};

// Reads the body once, if `kind` comes before `entries`, as the tracker writes it. Members that
// this version does not know are passed over, so that newer trackers can say more.
EnvelopeReading read_envelope(std::string_view body, statement::Version version);

}  // namespace waypost::relay
