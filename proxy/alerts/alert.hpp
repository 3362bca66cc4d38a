#pragma once

#include <compare>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "waypost/delivery/condition.hpp"
#include "waypost/delivery/outcome.hpp"
#include "waypost/time.hpp"

// What a human is told. Nothing here holds a statement, a learner, an answer's words or a secret.
namespace waypost::relay {

enum class AlertKind : std::uint8_t {
  Blocked,             // sending waits for a human
  Outage,              // the LRS does not answer, or says it cannot now
  DeadLetters,         // statements were set aside
  OldestWaiting,       // a statement waits too long
  QueueHeld,           // url or api_key changed: a human says where the queue goes
  CertificateEnding,   // of the LRS
  QueueFilling,        // what waits nears the most that its organisation may have
  DiskFilling,         // of the store's folder
  LedgerOutOfBalance,  // a fault of the relay itself
  Test,                // an operator tries the channels
};

// The stable word: "blocked", "outage", "dead-letters", ...
std::string_view word(AlertKind kind);

// What an alert is about; at most one stands for each.
struct AlertKey {
  std::string organisation;  // empty where all are concerned
  std::string destination;   // the URL of the LRS, likewise
  AlertKind kind = AlertKind::Test;

  friend auto operator<=>(const AlertKey&, const AlertKey&) = default;
};

// What is known of it. Each kind uses what it needs.
struct AlertDetails {
  std::optional<delivery::BlockCause> cause;
  int status = 0;
  delivery::Failure failure = delivery::Failure::None;
  std::optional<std::int64_t> waiting;  // statements in the queue of the destination
  std::int64_t amount = 0;              // bytes free, percent full, statements out of balance
  std::optional<Instant> at;            // when the certificate ends, when the oldest arrived
  bool readdressed = false;  // it is over because the relay sends elsewhere, or with another key
};

enum class AlertPhase : std::uint8_t {
  Began,
  Lasts,  // told again, because it lasts very long
  Ended,
  Digest,  // dead letters since the last digest
};

// The stable word: "began", "lasts", "ended", "digest".
std::string_view word(AlertPhase phase);

struct AlertNotice {
  AlertKey key;
  AlertPhase phase = AlertPhase::Began;
  AlertDetails details;
  Instant since;
  Instant at;                                      // when it was told
  std::map<std::string, std::uint64_t> reasons{};  // of dead letters: how many of each
};

}  // namespace waypost::relay
