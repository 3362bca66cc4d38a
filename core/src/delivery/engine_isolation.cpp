#include <algorithm>
#include <utility>

#include "waypost/delivery/engine.hpp"

// Which entry of a batch is the reason that it failed, and whether it is an entry at all.
namespace waypost::delivery {
// A failure of everything is an outage, or a block. Where others pass it is this batch's own: it
// alone waits, is halved after a while, and a single entry that never passes is buried.
void Engine::isolate_failure(const Flight& flight, Verdict verdict, const Outcome& outcome,
                             Instant now) {
  const bool is_block = verdict == Verdict::Blocked;
  const BlockCause cause = block_cause_of(outcome);
  const bool never_an_entry = cause == BlockCause::Tls || cause == BlockCause::Unauthorized;
  const auto hold_all = [&] {
    if (is_block) return begin_block(cause, flight, outcome, now);
    begin_outage(flight, outcome, now);
  };
  if (flight.purpose == Purpose::Probe || (is_block && never_an_entry)) return hold_all();
  Piece& piece = isolation_.piece_of(window_, flight.keys, stored_);
  count_one_more(piece.failures);
  const bool is_single = flight.keys.size() == 1;
  const std::uint64_t others_stored = stored_ - piece.stored_before;
  if (is_single && verdict != Verdict::Outage && settings_.hop == Hop::Lrs) {
    count_one_more(piece.failures_alone);
    if (piece.failures_alone >= limits::kAloneFailuresMax) {
      const auto reason = is_block ? BurialReason::Refused : BurialReason::ServerError;
      if (others_stored >= limits::kOthersStoredMin) {
        judged();  // it was the statement, not an outage
        return bury(flight.keys.front(), reason, outcome.status);
      }
      witness_wanted_ = Candidates::Any;
      probed_.push_back(flight.keys.front());
    }
  }
  const bool others_pass = others_stored > 0 && failures_ < limits::kIsolationFailuresInRowMax;
  if (!others_pass) return hold_all();
  count_one_more(failures_);
  retry_at_ = now + retry_delay(0, outcome);
  if (!is_single && (piece.is_part || piece.failures >= limits::kBatchFailuresMax)) {
    return divide(flight);
  }
  defer(flight.keys, now + retry_delay(piece.failures - 1, outcome));
}

void Engine::isolate_refusal(const Flight& flight, BurialReason reason, const Outcome& outcome,
                             Instant now) {
  judged();
  if (flight.keys.size() > 1) return divide(flight);
  const Key key = flight.keys.front();
  if (refused_in_row_.size() < limits::kMassRefusalMin &&
      std::find(refused_in_row_.begin(), refused_in_row_.end(), key) == refused_in_row_.end()) {
    refused_in_row_.push_back(key);
  }
  // Where nothing passes any more, it is not the statements that are wrong.
  const bool is_suspect = refused_in_row_.size() >= limits::kMassRefusalMin ||
                          (blocked_ && block_cause_ == BlockCause::Suspect);
  if (is_suspect && !isolate_anyway_) {
    return begin_block(BlockCause::Suspect, flight, outcome, now);
  }
  if (blocked_) lift_block();  // address and key are right: statements are judged again
  bury(key, reason, outcome.status);
}

void Engine::isolate_forbidden(const Flight& flight, const Outcome& outcome, Instant now) {
  judged();
  if (flight.keys.size() > 1) return divide(flight);
  if (flight.purpose == Purpose::Probe) {
    return begin_block(BlockCause::Forbidden, flight, outcome, now);
  }
  const Key key = flight.keys.front();
  const Piece& piece = isolation_.piece_of(window_, flight.keys, stored_);
  if (stored_ > piece.stored_before) return bury(key, BurialReason::Forbidden, outcome.status);
  if (std::find(forbidden_.begin(), forbidden_.end(), key) == forbidden_.end()) {
    forbidden_.push_back(key);
  }
  if (++forbidden_in_row_ >= limits::kForbiddenInRowMax) {
    return begin_block(BlockCause::Forbidden, flight, outcome, now);
  }
  defer({key}, now + retry_delay(forbidden_in_row_, outcome));
}

void Engine::isolate_conflict(const Flight& flight) {
  judged();
  if (flight.keys.size() > 1) return divide(flight);
  if (blocked_ && block_cause_ != BlockCause::Suspect) lift_block();
  look_up(flight.keys, Purpose::AskConflict);
}

void Engine::isolate_too_large(const Flight& flight, const Outcome& outcome, Instant now) {
  if (flight.keys.size() > 1) {
    judged();
    std::size_t bytes = 0;
    for (const Key key : flight.keys) {
      Waiting* waiting = window_.find(key);
      waiting->due = true;
      bytes += waiting->entry.bytes;
    }
    batch_bytes_cap_ = std::max<std::size_t>(bytes / 2, 1);
    batch_bytes_cap_until_ = now + Duration{limits::kLearnedBytesKeptMs};
  } else if (settings_.hop == Hop::Lrs) {
    isolate_refusal(flight, BurialReason::TooLarge, outcome, now);
  } else {
    // The relay itself takes every statement: something before it does not.
    isolate_failure(flight, Verdict::Blocked, outcome, now);
  }
}

// An entry that may be there already must not be taken for a bad one because it is known.
void Engine::divide(const Flight& flight) {
  const Waiting* first = window_.find(flight.keys.front());
  if (settings_.hop == Hop::Lrs && first != nullptr && first->may_be_stored) {
    return look_up(flight.keys, Purpose::ReadBack);
  }
  halve(flight.keys);
}

void Engine::halve(std::span<const Key> keys) {
  if (keys.size() < 2) return;
  isolation_.piece_of(window_, keys, stored_);
  isolation_.halve(window_, keys);
}

}  // namespace waypost::delivery
