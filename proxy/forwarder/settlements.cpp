#include "proxy/forwarder/settlements.hpp"

#include <memory>
#include <utility>

#include "proxy/operations/clock.hpp"

namespace waypost::relay {
namespace {

constexpr Duration kRetryDelay{1'000};

}  // namespace

void Settlements::delivered(std::vector<Key> keys) {
  settle({.destination = destination_, .delivered = std::move(keys)});
}

void Settlements::deferred(const std::vector<Key>& keys, Instant until) {
  Settlement settlement{.destination = destination_};
  settlement.deferred.reserve(keys.size());
  for (const Key key : keys) settlement.deferred.push_back({key, until});
  settle(std::move(settlement));
}

void Settlements::already_there(Key key) {
  settle({.destination = destination_, .already_there = {key}});
}

void Settlements::buried(Burial burial) {
  Settlement settlement{.destination = destination_};
  settlement.buried.push_back(std::move(burial));
  settle(std::move(settlement));
}

void Settlements::blocked(std::optional<delivery::BlockCause> cause) {
  settle({.destination = destination_, .block = BlockNote{cause}});
}

void Settlements::settle(Settlement settlement) {
  ++under_way_;
  // The store takes its copy; ours is for another try, and for the count.
  auto ours = std::make_shared<Settlement>(settlement);
  surroundings_.commits.settle(std::move(settlement), [this, ours, mailbox = surroundings_.mailbox](
                                                          const std::optional<StoreError>& error) {
    mailbox->post_soon([this, ours, error] { settled(std::move(*ours), error); });
  });
}

void Settlements::settled(Settlement settlement, const std::optional<StoreError>& error) {
  --under_way_;
  if (!error) {
    if (!settlement.delivered.empty()) {
      surroundings_.observer.delivered(destination_, settlement.delivered.size());
    }
    for (const Burial& burial : settlement.buried) {
      surroundings_.observer.buried(destination_, burial);
    }
    return;
  }
  surroundings_.observer.trouble(destination_, "settlement: " + error->message);
  failed_.push_back(std::move(settlement));
  retry_at_ = system_now() + kRetryDelay;
}

void Settlements::tick(Instant now) {
  if (failed_.empty()) return;
  if (now + kRetryDelay < retry_at_) retry_at_ = now;  // the clock was set back
  if (now < retry_at_) return;
  for (Settlement& settlement : std::exchange(failed_, {})) settle(std::move(settlement));
}

std::optional<Instant> Settlements::next_wakeup() const {
  return failed_.empty() ? std::nullopt : std::optional(retry_at_);
}

}  // namespace waypost::relay
