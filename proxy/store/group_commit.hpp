#pragma once

#include <condition_variable>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <thread>
#include <vector>

#include "proxy/operations/clock.hpp"
#include "proxy/store/store.hpp"
#include "waypost/limits.hpp"

namespace waypost::relay {

// Owns the store and the one thread that calls it. Requests that come while a commit runs share the
// next one: the disk is paid per commit, not per request. Nothing waits when the store is idle,
// save settlements, which wait a few milliseconds for an append to ride with.
//
// append(), settle() and run() may be called from any thread. Callbacks and tasks run in the
// store's thread: be quick (hand over to your own thread) and do not throw. Each callback is called
// exactly once; only a refusal (Overloaded, Stopping, or StorageFailed while the disk stands still)
// calls it in the caller's thread, before the call returns.
class GroupCommit {
 public:
  using Clock = std::function<Instant()>;
  // The request comes back with its answer, so that nobody need copy what it holds.
  using AppendCallback = std::function<void(StoreResult<AppendOutcome>, AppendRequest)>;
  using SettleCallback = std::function<void(std::optional<StoreError>)>;
  using Task = std::function<void(Store&)>;

  // `now` is called at once, and then in the store's thread.
  GroupCommit(std::unique_ptr<Store> store, Clock now,
              Duration stalled_after = {limits::kStoreStalledAfterMs});
  GroupCommit(const GroupCommit&) = delete;
  GroupCommit& operator=(const GroupCommit&) = delete;
  ~GroupCommit();  // stops

  // Answered when the request is on disk. Overloaded when more waits than limits::kCommitQueue...
  // What is taken before the disk stands still waits for it; what comes then is refused.
  void append(AppendRequest request, AppendCallback done);

  // Never Overloaded: there are only as many as batches in flight.
  void settle(Settlement settlement, SettleCallback done);

  // Runs the task with the store after the commit of what was asked before. False, and the task is
  // dropped, once stop() has been called.
  [[nodiscard]] bool run(Task task);

  // How long the disk has stood still: the present round of the thread, when it lasts longer than
  // any should. What would only wait for the thread can then be answered without it.
  std::optional<Duration> stalled_for() const;

  // Commits what was taken and runs its callbacks, then returns; what comes after is refused. From
  // one thread, not from a callback.
  void stop();

 private:
  struct PendingAppend {
    AppendRequest request;
    AppendCallback done;
    std::size_t bytes = 0;
  };

  struct PendingSettlement {
    Settlement settlement;
    SettleCallback done;
  };

  // What one round of the thread does, in this order.
  struct Round {
    std::vector<AppendRequest> appends;
    std::vector<AppendCallback> appended;
    std::vector<Settlement> settlements;
    std::vector<SettleCallback> settled;
    std::deque<Task> tasks;
  };

  std::optional<StoreError> why_not_append(std::size_t bytes) const;
  std::optional<Duration> stalled_for_locked() const;
  void work();
  void wait_for_work(std::unique_lock<std::mutex>& lock);
  bool is_idle() const;
  Round take_round();
  void take_appends(Round& round);
  void perform(Round& round);
  void commit(Round& round, Instant now);
  void forget_ids_when_due(Instant now);

  std::unique_ptr<Store> store_;  // the thread's alone
  Clock now_;
  Duration stalled_after_;
  Instant forget_at_;           // likewise
  bool is_forgetting_ = false;  // likewise; more ids are left to forget

  mutable std::mutex mutex_;  // guards what follows
  std::condition_variable work_;
  std::deque<PendingAppend> appends_;
  std::size_t append_bytes_ = 0;
  std::vector<PendingSettlement> settlements_;
  std::deque<Task> tasks_;
  bool is_stopping_ = false;
  std::optional<SteadyTime> round_began_;  // while there is a round

  std::thread thread_;
};

}  // namespace waypost::relay
