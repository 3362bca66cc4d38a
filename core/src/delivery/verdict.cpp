#include "waypost/delivery/verdict.hpp"

namespace waypost::delivery {
namespace {

// Answers that say "not now" of themselves, whoever gives them.
bool says_not_now(int status) {
  return status == 408 || status == 425 || status == 429 || (status >= 500 && status <= 599);
}

bool is_success(int status) {
  return status >= 200 && status <= 299;
}

Verdict verdict_of_lrs(const Outcome& outcome) {
  const bool stores = outcome.status == 200 || outcome.status == 204;
  if (stores && outcome.extent == Extent::Whole) return Verdict::Stored;
  if (says_not_now(outcome.status)) return Verdict::Outage;
  return Verdict::Blocked;
}

Verdict verdict_of_relay(const Outcome& outcome) {
  if (outcome.status == 200 && outcome.extent == Extent::PerEntry) return Verdict::Stored;
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

}  // namespace waypost::delivery
