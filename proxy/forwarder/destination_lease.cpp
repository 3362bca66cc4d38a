#include "proxy/forwarder/destination_lease.hpp"

#include <memory>
#include <utility>

namespace waypost::relay {
namespace {

// A lease is renewed so many times before it would end.
constexpr std::int64_t kRenewals = 3;

}  // namespace

void DestinationLease::tick(Instant now, const std::function<void()>& answered) {
  const Duration renew_after{surroundings_.lease.ms / kRenewals};
  // A clock that was set back must not keep the lease from being renewed.
  if (now + renew_after < ask_at_) ask_at_ = now;
  if (asking_ || now < ask_at_) return;
  asking_ = true;
  ask_at_ = now + renew_after;
  const Instant until = now + surroundings_.lease;
  const bool asked = surroundings_.commits.run(
      [this, answered, now, until, destination = destination_, owner = surroundings_.lease_owner,
       mailbox = surroundings_.mailbox](Store& store) {
        const StoreResult<bool> answer = store.lease(destination, owner, now, until);
        mailbox->post([this, answered, answer, until] {
          take_answer(answer, until);
          answered();
        });
      });
  if (!asked) asking_ = false;
}

void DestinationLease::take_answer(const StoreResult<bool>& answer, Instant until) {
  asking_ = false;
  if (!answer.value) {
    // Asked again when a renewal is due; meanwhile what is held is held.
    surroundings_.observer.trouble(destination_, "lease: " + answer.error.message);
    return;
  }
  const bool was_refused = std::exchange(refused_, !*answer.value);
  held_until_ = refused_ ? std::nullopt : std::optional(until);
  if (refused_ && !was_refused) {
    surroundings_.observer.trouble(destination_, "another relay sends to this destination");
  }
}

void DestinationLease::release(Instant now, const std::function<void()>& done) {
  const bool was_held = held(now);
  held_until_.reset();
  if (!was_held) return done();
  const bool asked = surroundings_.commits.run([done, now, destination = destination_,
                                                owner = surroundings_.lease_owner,
                                                mailbox = surroundings_.mailbox](Store& store) {
    // It would end by itself where this fails.
    static_cast<void>(store.lease(destination, owner, now, now));
    mailbox->post(done);
  });
  if (!asked) done();
}

}  // namespace waypost::relay
