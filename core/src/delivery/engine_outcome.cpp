#include <algorithm>
#include <limits>
#include <utility>

#include "waypost/delivery/backoff.hpp"
#include "waypost/delivery/engine.hpp"
#include "waypost/delivery/verdict.hpp"

// What the engine does with the answer of its next hop.
namespace waypost::delivery {
namespace {

Duration bounded_retry_after(const Outcome& outcome) {
  return {std::clamp<std::int64_t>(outcome.retry_after.value_or(Duration{}).ms, 0,
                                   limits::kRetryAfterMaxMs)};
}

// Stays at its highest value: no number of failures may look like none.
void count_one_more(std::uint32_t& count) {
  if (count < std::numeric_limits<std::uint32_t>::max()) ++count;
}

}  // namespace

void Engine::outcome(BatchId batch, const Outcome& outcome, Instant now) {
  notice_clock(now);
  if (!flight_ || flight_->batch != batch) return advance(now);
  const Flight flight = std::move(*flight_);
  flight_.reset();
  look_ = true;
  asked_until_.reset();
  if (outcome.retry_after) asked_until_ = now + bounded_retry_after(outcome);
  switch (verdict_of(settings_.hop, outcome)) {
    case Verdict::Stored: settle(flight, outcome, now); break;
    case Verdict::Outage: begin_outage(flight, outcome, now); break;
    case Verdict::Blocked: begin_block(flight, outcome, now); break;
  }
  advance(now);
}

// Only keys that were sent count, each once; where an answer contradicts itself, being stored wins.
Engine::Settlement Engine::settlement_of(const Flight& flight, const Outcome& outcome) {
  if (outcome.extent == Extent::Whole) return {flight.keys, {}, {}};
  constexpr auto kUnlisted = static_cast<EntryAnswer>(0xFF);
  std::vector<EntryAnswer> answers(flight.keys.size(), kUnlisted);
  for (const EntryResult& result : outcome.results) {
    const auto at = std::lower_bound(flight.keys.begin(), flight.keys.end(), result.key);
    if (at == flight.keys.end() || *at != result.key) continue;
    EntryAnswer& answer = answers[static_cast<std::size_t>(at - flight.keys.begin())];
    answer = std::min(answer, result.answer);
  }
  Settlement settlement;
  for (std::size_t i = 0; i < answers.size(); ++i) {
    std::vector<Key>& keys = answers[i] == kUnlisted              ? settlement.unlisted
                             : answers[i] == EntryAnswer::Refused ? settlement.buried
                                                                  : settlement.removed;
    keys.push_back(flight.keys[i]);
  }
  return settlement;
}

void Engine::settle(const Flight& flight, const Outcome& outcome, Instant now) {
  Settlement settlement = settlement_of(flight, outcome);
  if (settlement.unlisted.size() == flight.keys.size()) return begin_outage(flight, outcome, now);
  window_.remove(settlement.removed);
  window_.remove(settlement.buried);
  if (!settlement.removed.empty()) ask(Remove{std::move(settlement.removed)});
  if (!settlement.buried.empty()) ask(Bury{std::move(settlement.buried)});
  failures_ = 0;
  stored_since_start_ = true;
  retry_at_ = asked_until_;
  clear(Condition::Outage);
  if (blocked_) lift_block();
  widen_batches();
  for (const Key key : settlement.unlisted) {
    const Waiting* waiting = window_.find(key);
    const std::uint32_t attempts = waiting != nullptr ? waiting->entry.attempts : 0;
    defer({key}, now + backoff(random_, settings_.backoff_base, attempts, outcome.retry_after));
  }
}

void Engine::begin_outage(const Flight& flight, const Outcome& outcome, Instant now) {
  std::uint32_t failures = failures_;
  if (!stored_since_start_) {
    for (const Key key : flight.keys) {
      const Waiting* waiting = window_.find(key);
      if (waiting != nullptr) failures = std::max(failures, waiting->entry.attempts);
    }
  }
  failures_ = failures;
  count_one_more(failures_);
  Duration delay = backoff(random_, settings_.backoff_base, failures, outcome.retry_after);
  if (blocked_) delay = std::max(delay, probe_delay(outcome));
  retry_at_ = now + delay;
  deferred_until_max_.reset();
  defer(flight.keys, *retry_at_);
  raise(Condition::Outage, outcome);
}

void Engine::begin_block(const Flight& flight, const Outcome& outcome, Instant now) {
  failures_ = 0;
  clear(Condition::Outage);  // there is an answer again
  raise(Condition::Blocked, outcome);
  if (flight.keys.size() == 1 && !flight.probe) probed_.push_back(flight.keys.front());
  batch_count_cap_ = 1;
  retry_at_ = now + probe_delay(outcome);
}

void Engine::lift_block() {
  clear(Condition::Blocked);
  probes_ = 0;
  probed_.clear();
}

// After a block, each batch that is stored lets the next be twice as large: where it was the size
// that was refused, most get through between two refusals.
void Engine::widen_batches() {
  batch_count_cap_ = std::min(batch_count_cap_ * 2, settings_.batch_count_max);
}

void Engine::defer(std::vector<Key> keys, Instant until) {
  for (const Key key : keys) {
    Waiting* waiting = window_.find(key);
    if (waiting == nullptr) continue;
    count_one_more(waiting->entry.attempts);
    waiting->entry.next_at = until;
    waiting->due = true;
  }
  ask(Defer{.keys = std::move(keys), .until = until});
}

void Engine::raise(Condition condition, const Outcome& outcome) {
  bool& raised = condition == Condition::Outage ? outage_ : blocked_;
  if (raised) return;
  raised = true;
  ask(Report{.condition = condition,
             .raised = true,
             .status = outcome.status,
             .failure = outcome.failure});
}

void Engine::clear(Condition condition) {
  bool& raised = condition == Condition::Outage ? outage_ : blocked_;
  if (!raised) return;
  raised = false;
  ask(Report{.condition = condition, .raised = false});
}

// The longer half of a slow backoff: a probe must not follow the refusal at once.
Duration Engine::probe_delay(const Outcome& outcome) {
  const Duration base{settings_.backoff_base.ms * limits::kProbeBackoffFactor};
  const std::int64_t longest_ms = longest_backoff(base, probes_).ms;
  count_one_more(probes_);
  const std::int64_t drawn_ms = longest_ms / 2 + random_.up_to(longest_ms / 2);
  return {std::max(drawn_ms, bounded_retry_after(outcome).ms)};
}

}  // namespace waypost::delivery
