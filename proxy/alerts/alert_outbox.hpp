#pragma once

#include <cstdint>
#include <list>
#include <optional>
#include <set>
#include <vector>

#include "proxy/alerts/alert.hpp"

namespace waypost::relay {

// What one channel still has to tell. Sending is tried again without end, and the newest state
// counts: the end of something that the channel never told cancels its beginning. Holds at most one
// notice for each key.
class AlertOutbox {
 public:
  static constexpr Duration kFirstRetry{2'000};
  static constexpr Duration kRetryMax{10LL * 60'000};

  void add(const AlertNotice& notice);

  // The notice to try now, if any; sent() or failed() follows before the next add().
  const AlertNotice* next(Instant now) const;

  void sent();
  void failed(Instant now);

  // The channel is another one now: it may be tried at once.
  void try_at_once();

  std::optional<Instant> next_wakeup() const;

 private:
  std::list<AlertNotice> waiting_;
  std::set<AlertKey> told_;  // what the human believes to be wrong
  std::uint32_t failures_ = 0;
  Instant retry_at_;
};

}  // namespace waypost::relay
