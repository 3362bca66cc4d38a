#include "proxy/alerts/alert_outbox.hpp"

#include <algorithm>

namespace waypost::relay {

void AlertOutbox::add(const AlertNotice& notice) {
  const auto found = std::find_if(waiting_.begin(), waiting_.end(),
                                  [&](const auto& other) { return other.key == notice.key; });
  AlertNotice newest = notice;
  if (found != waiting_.end()) {
    if (notice.phase == AlertPhase::Digest) {
      for (const auto& [reason, count] : found->reasons) newest.reasons[reason] += count;
      newest.since = std::min(newest.since, found->since);
    }
    waiting_.erase(found);
  }
  const bool told = told_.contains(notice.key);
  if (notice.phase == AlertPhase::Ended && !told) return;
  if (notice.phase == AlertPhase::Lasts && !told) newest.phase = AlertPhase::Began;
  waiting_.push_back(std::move(newest));
}

const AlertNotice* AlertOutbox::next(Instant now) const {
  // A clock that was set back must not make a wait longer than the longest.
  const bool due = now >= retry_at_ || now + kRetryMax < retry_at_;
  return waiting_.empty() || !due ? nullptr : &waiting_.front();
}

void AlertOutbox::sent() {
  const AlertNotice& notice = waiting_.front();
  if (notice.phase == AlertPhase::Ended) {
    told_.erase(notice.key);
  } else if (notice.phase != AlertPhase::Digest) {
    told_.insert(notice.key);
  }
  waiting_.pop_front();
  try_at_once();
}

void AlertOutbox::failed(Instant now) {
  constexpr std::uint32_t kDoublingsMax = 16;
  const std::int64_t wait_ms = kFirstRetry.ms << std::min(failures_, kDoublingsMax);
  retry_at_ = now + std::min(Duration{wait_ms}, kRetryMax);
  failures_ = std::min(failures_ + 1, kDoublingsMax);
}

void AlertOutbox::try_at_once() {
  failures_ = 0;
  retry_at_ = {};
}

std::optional<Instant> AlertOutbox::next_wakeup() const {
  if (waiting_.empty()) return std::nullopt;
  return retry_at_;
}

}  // namespace waypost::relay
