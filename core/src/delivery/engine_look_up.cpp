#include <utility>

#include "waypost/delivery/engine.hpp"

// Questions to an LRS: whether it has a statement already, and which.
namespace waypost::delivery {

void Engine::look_up(std::vector<Key> keys, Purpose purpose) {
  if (stopping_) return;  // they stay, and the next run asks again
  ++last_batch_;
  ask(LookUp{.request = last_batch_, .key = keys.front()});
  flight_ = Flight{.batch = last_batch_, .keys = std::move(keys), .purpose = purpose};
}

void Engine::looked_up(BatchId request, Found found, Instant now) {
  notice_clock(now);
  if (!flight_ || !flight_->is_look_up()) return advance(now);
  const std::optional<Flight> flight = take_flight(request);
  if (!flight) return advance(now);
  judged();
  if (flight->purpose == Purpose::AskConflict) {
    conflict_looked_up(flight->keys.front(), found, now);
  } else {
    read_back(flight->keys, found, now);
  }
  advance(now);
}

void Engine::look_up_failed(const Flight& flight, Verdict verdict, const Outcome& outcome,
                            Instant now) {
  if (verdict == Verdict::Blocked) {
    begin_block(block_cause_of(outcome), flight, outcome, now);
  } else {
    begin_outage(flight, outcome, now);
  }
}

void Engine::conflict_looked_up(Key key, Found found, Instant now) {
  if (blocked_) retry_at_ = now + probe_delay({});
  switch (found) {
    case Found::Equal: return already_there(key, true, now);
    case Found::Unreadable: return already_there(key, false, now);
    case Found::Different: return bury(key, BurialReason::Conflict, 409);
    case Found::Absent: break;
  }
  // An LRS may answer before its data can be read (xAPI-Communication 2.1.2): later, perhaps.
  Piece& piece = isolation_.piece_of(window_, {&key, 1}, stored_);
  if (++piece.absences >= limits::kAbsencesMax) return bury(key, BurialReason::Unresolved, 409);
  defer({key}, now + retry_delay(piece.absences - 1, {}));
}

// LRSs store a batch whole or not at all, so the first that is not there tells of all the rest.
void Engine::read_back(const std::vector<Key>& keys, Found found, Instant now) {
  if (found == Found::Absent || found == Found::Unreadable) {
    for (const Key key : keys) {
      if (Waiting* waiting = window_.find(key)) waiting->may_be_stored = false;
    }
    return halve(keys);
  }
  if (found == Found::Equal) {
    already_there(keys.front(), true, now);
  } else {
    bury(keys.front(), BurialReason::Conflict, 409);
  }
  std::vector<Key> rest(keys.begin() + 1, keys.end());
  if (rest.empty()) return;
  const Waiting* next = window_.find(rest.front());
  if (next != nullptr && next->may_be_stored) return look_up(std::move(rest), Purpose::ReadBack);
  halve(rest);
}

void Engine::already_there(Key key, bool verified, Instant now) {
  take_out({&key, 1});
  ask(AlreadyThere{.key = key, .verified = verified});
  passed(1, now);
}

}  // namespace waypost::delivery
