#include "waypost/delivery/verdict.hpp"

namespace waypost::delivery {
namespace {

// Answers that say "not now" of themselves, whoever gives them.
bool says_not_now(int status) {
  return status == 408 || status == 425 || (status >= 500 && status <= 599);
}

bool is_success(int status) {
  return status >= 200 && status <= 299;
}

Verdict verdict_of_lrs(const Outcome& outcome) {
  switch (outcome.status) {
    case 200:
    case 204: return outcome.extent == Extent::None ? Verdict::Blocked : Verdict::Stored;
    case 400:
    case 422: return Verdict::Refused;
    case 403: return Verdict::Forbidden;
    case 409: return Verdict::Conflict;
    case 413: return Verdict::TooLarge;
    case 429: return Verdict::SlowDown;
    case 500: return Verdict::ServerError;
    default: return says_not_now(outcome.status) ? Verdict::Outage : Verdict::Blocked;
  }
}

// The relay's own answer lists every entry, so any other speaks of the way there.
Verdict verdict_of_relay(const Outcome& outcome) {
  if (outcome.status == 200 && outcome.extent == Extent::PerEntry) return Verdict::Stored;
  if (outcome.status == 413) return Verdict::TooLarge;
  if (outcome.status == 429) return Verdict::SlowDown;
  // A success that is not the relay's own answer comes from a network that wants a login first.
  if (is_success(outcome.status) || says_not_now(outcome.status)) return Verdict::Outage;
  return Verdict::Blocked;
}

}  // namespace

Verdict verdict_of(Hop hop, const Outcome& outcome) {
  if (outcome.failure == Failure::Tls) return Verdict::Blocked;
  if (outcome.failure != Failure::None || outcome.status == 0) return Verdict::Outage;
  return hop == Hop::Lrs ? verdict_of_lrs(outcome) : verdict_of_relay(outcome);
}

BlockCause block_cause_of(const Outcome& outcome) {
  if (outcome.failure == Failure::Tls) return BlockCause::Tls;
  if (outcome.status == 401) return BlockCause::Unauthorized;
  if (outcome.status == 403) return BlockCause::Forbidden;
  return BlockCause::Endpoint;
}

bool may_be_stored(const Outcome& outcome) {
  switch (outcome.failure) {
    case Failure::None: return outcome.status >= 500 || outcome.status == 408;
    case Failure::Timeout:
    case Failure::Reset:
    case Failure::Network: return true;
    case Failure::Refused:
    case Failure::Dns:
    case Failure::Tls: return false;
  }
  return true;
}

}  // namespace waypost::delivery
