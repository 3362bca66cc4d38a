#include <algorithm>
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

}  // namespace

void Engine::outcome(BatchId batch, const Outcome& outcome, Instant now) {
  notice_clock(now);
  const std::optional<Flight> flight = take_flight(batch);
  if (!flight) return advance(now);
  if (outcome.retry_after) asked_until_ = now + bounded_retry_after(outcome);
  const Verdict verdict = verdict_of(settings_.hop, outcome);
  if (flight->is_look_up()) {
    look_up_failed(*flight, verdict, outcome, now);
  } else {
    judge(*flight, verdict, outcome, now);
  }
  advance(now);
}

// What was in flight, once its answer is there; nothing for an id that is not it.
std::optional<Engine::Flight> Engine::take_flight(BatchId batch) {
  if (!flight_ || flight_->batch != batch) return std::nullopt;
  look_ = true;
  asked_until_.reset();
  return std::exchange(flight_, std::nullopt);
}

void Engine::judge(const Flight& flight, Verdict verdict, const Outcome& outcome, Instant now) {
  if (verdict != Verdict::Stored && may_be_stored(outcome)) {
    for (const Key key : flight.keys) {
      if (Waiting* waiting = window_.find(key)) waiting->may_be_stored = true;
    }
  }
  switch (verdict) {
    case Verdict::Stored: return settle(flight, outcome, now);
    case Verdict::SlowDown: return slow_down(flight, outcome, now);
    case Verdict::Outage:
    case Verdict::ServerError:
    case Verdict::Blocked: return isolate_failure(flight, verdict, outcome, now);
    case Verdict::Refused: return isolate_refusal(flight, BurialReason::Refused, outcome, now);
    case Verdict::Forbidden: return isolate_forbidden(flight, outcome, now);
    case Verdict::Conflict: return isolate_conflict(flight);
    case Verdict::TooLarge: return isolate_too_large(flight, outcome, now);
  }
}

// Only keys that were sent count, each once; where an answer contradicts itself, being stored wins.
Engine::Settlement Engine::settlement_of(const Flight& flight, const Outcome& outcome) {
  if (outcome.extent == Extent::Whole) return {.removed = flight.keys};
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
    const bool is_open = answers[i] == kUnlisted || answers[i] == EntryAnswer::Unsent;
    if (answers[i] == EntryAnswer::Unsent) ++settlement.unsent;
    std::vector<Key>& keys = is_open                              ? settlement.open
                             : answers[i] == EntryAnswer::Refused ? settlement.buried
                             : answers[i] == EntryAnswer::Damaged ? settlement.damaged
                                                                  : settlement.removed;
    keys.push_back(flight.keys[i]);
  }
  return settlement;
}

void Engine::settle(const Flight& flight, const Outcome& outcome, Instant now) {
  Settlement settlement = settlement_of(flight, outcome);
  const std::size_t unsent = settlement.unsent + settlement.damaged.size();
  const std::size_t settled =
      flight.keys.size() - settlement.open.size() - settlement.damaged.size();
  if (settled == 0 && unsent == 0) return begin_outage(flight, outcome, now);
  for (const Key key : settlement.damaged) bury(key, BurialReason::Damaged, 0);
  take_out(settlement.removed);
  if (!settlement.removed.empty()) ask(Remove{std::move(settlement.removed)});
  for (const Key key : settlement.buried) bury(key, BurialReason::Refused, outcome.status);
  if (settled > 0) passed(settled, now);
  for (const Key key : settlement.open) {
    const Waiting* waiting = window_.find(key);
    const std::uint32_t attempts = waiting != nullptr ? waiting->entry.attempts : 1;
    defer({key}, now + retry_delay(attempts - 1, outcome));
  }
}

// The next hop takes statements.
void Engine::passed(std::size_t count, Instant now) {
  judged();
  stored_ += count;
  stored_since_start_ = true;
  refused_in_row_.clear();
  isolate_anyway_ = false;
  // The key may store others, so these are what it may not.
  forbidden_in_row_ = 0;
  probed_.clear();
  for (const Key key : std::exchange(forbidden_, {})) bury(key, BurialReason::Forbidden, 403);
  pace_.ms /= 2;
  if (pace_.ms < limits::kPaceMinMs) pace_ = {};
  if (pace_.ms > 0) retry_at_ = std::max(now + pace_, asked_until_.value_or(now));
  if (blocked_) lift_block();
  // After a block or an outage, each batch that is stored lets the next be twice as large.
  batch_count_cap_ = std::min(batch_count_cap_ * 2, settings_.batch_count_max);
}

// There is somebody who speaks of statements.
void Engine::judged() {
  failures_ = 0;
  retry_at_ = asked_until_;
  clear_outage();
}

void Engine::begin_outage(const Flight& flight, const Outcome& outcome, Instant now) {
  hold_back(flight, outcome, now);
  if (failures_ < limits::kBreakerFailures) return;
  batch_count_cap_ = 1;
  if (flight.keys.size() > 1) return;
  // It may be this entry that fails: another is tried next.
  if (!witness_wanted_) witness_wanted_ = Candidates::HeadsOfLanes;
  const Key key = flight.keys.front();
  if (probed_.empty() || probed_.back() != key) probed_.push_back(key);
}

void Engine::slow_down(const Flight& flight, const Outcome& outcome, Instant now) {
  pace_.ms = std::clamp(pace_.ms * 2, limits::kPaceMinMs, limits::kPaceMaxMs);
  hold_back(flight, outcome, now);
  retry_at_ = std::max(*retry_at_, now + pace_);
}

void Engine::hold_back(const Flight& flight, const Outcome& outcome, Instant now) {
  std::uint32_t failures = failures_;
  if (!stored_since_start_) {
    for (const Key key : flight.keys) {
      const Waiting* waiting = window_.find(key);
      if (waiting != nullptr) failures = std::max(failures, waiting->entry.attempts - 1);
    }
  }
  failures_ = failures;
  count_one_more(failures_);
  Duration delay = retry_delay(failures, outcome);
  if (blocked_) delay = std::max(delay, probe_delay(outcome));
  retry_at_ = now + delay;
  deferred_until_max_.reset();
  defer(flight.keys, *retry_at_);
  raise_outage(outcome);
}

void Engine::begin_block(BlockCause cause, const Flight& flight, const Outcome& outcome,
                         Instant now) {
  judged();
  forbidden_.clear();
  forbidden_in_row_ = 0;
  if (!blocked_ || block_cause_ != cause) {
    blocked_ = true;
    block_cause_ = cause;
    ask(Report{.condition = Condition::Blocked,
               .raised = true,
               .status = outcome.status,
               .failure = outcome.failure,
               .cause = cause});
  }
  if (flight.keys.size() == 1 && flight.purpose != Purpose::Probe) {
    probed_.push_back(flight.keys.front());
  }
  batch_count_cap_ = 1;
  retry_at_ = now + probe_delay(outcome);
}

void Engine::lift_block() {
  blocked_ = false;
  ask(Report{.condition = Condition::Blocked, .raised = false, .cause = block_cause_});
  probes_ = 0;
}

void Engine::defer(std::vector<Key> keys, Instant until) {
  for (const Key key : keys) {
    Waiting* waiting = window_.find(key);
    if (waiting == nullptr) continue;
    waiting->entry.next_at = until;
    waiting->due = true;
  }
  ask(Defer{.keys = std::move(keys), .until = until});
}

void Engine::bury(Key key, BurialReason reason, int status) {
  const Waiting* waiting = window_.find(key);
  if (waiting == nullptr) return;
  ask(Bury{.key = key, .reason = reason, .status = status, .attempts = waiting->entry.attempts});
  take_out({&key, 1});
  if (window_.empty()) isolate_anyway_ = false;  // it was ordered for these
}

void Engine::raise_outage(const Outcome& outcome) {
  if (outage_) return;
  outage_ = true;
  ask(Report{.condition = Condition::Outage,
             .raised = true,
             .status = outcome.status,
             .failure = outcome.failure});
}

void Engine::clear_outage() {
  if (!outage_) return;
  outage_ = false;
  ask(Report{.condition = Condition::Outage, .raised = false});
}

Duration Engine::retry_delay(std::uint32_t failures, const Outcome& outcome) {
  return backoff(random_, settings_.backoff_base, failures, outcome.retry_after);
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
