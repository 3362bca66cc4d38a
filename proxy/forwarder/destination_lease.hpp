#pragma once

#include <functional>
#include <optional>

#include "proxy/forwarder/surroundings.hpp"
#include "waypost/time.hpp"

namespace waypost::relay {

// The right to send to one destination, asked for and renewed in time. Where several relays share a
// store, one of them has it. In the forwarder's thread.
class DestinationLease {
 public:
  DestinationLease(DestinationId destination, Surroundings& surroundings)
      : destination_(destination), surroundings_(surroundings) {}

  bool held(Instant now) const { return held_until_ && now < *held_until_; }

  // Asks for the lease or its renewal when that is due; `answered` is called when it is known.
  void tick(Instant now, const std::function<void()>& answered);

  // Nothing while an answer is awaited.
  std::optional<Instant> next_wakeup() const {
    return asking_ ? std::nullopt : std::optional(ask_at_);
  }

  // Gives it back; `done` is called when that is done or cannot be.
  void release(Instant now, const std::function<void()>& done);

 private:
  void take_answer(const StoreResult<bool>& answer, Instant until);

  DestinationId destination_;
  Surroundings& surroundings_;
  std::optional<Instant> held_until_;
  Instant ask_at_;
  bool asking_ = false;
  bool refused_ = false;
};

}  // namespace waypost::relay
