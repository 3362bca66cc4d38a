#include "proxy/store/group_commit.hpp"

#include <algorithm>
#include <utility>

#include "waypost/limits.hpp"

namespace waypost::relay {
namespace {

using std::chrono::steady_clock;

constexpr std::chrono::milliseconds kSettlementWaitMax{20};
constexpr std::size_t kSettlementsSoon = 64;  // this many do not wait for an append

constexpr std::chrono::minutes kForgetDelayAtStart{1};
constexpr std::chrono::minutes kForgetInterval{60};
constexpr std::chrono::milliseconds kForgetStepInterval{200};
constexpr std::size_t kForgetStepCount = 500;

std::size_t bytes_of(const AppendRequest& request) {
  std::size_t bytes = 0;
  for (const NewEntry& entry : request.entries) bytes += entry.bytes.size() + sizeof(NewEntry);
  return bytes;
}

}  // namespace

GroupCommit::GroupCommit(std::unique_ptr<Store> store, Clock now)
    : store_(std::move(store)),
      now_(std::move(now)),
      forget_at_(steady_clock::now() + kForgetDelayAtStart) {
  thread_ = std::thread([this] { work(); });
}

GroupCommit::~GroupCommit() {
  stop();
}

void GroupCommit::append(AppendRequest request, AppendCallback done) {
  const std::size_t bytes = bytes_of(request);
  StoreError refusal{ErrorCode::None, {}};
  {
    const std::lock_guard lock(mutex_);
    if (is_stopping_) {
      refusal = {ErrorCode::Stopping, "the store is stopping"};
    } else if (appends_.size() >= limits::kCommitQueueRequestsMax ||
               append_bytes_ + bytes > limits::kCommitQueueBytesMax) {
      refusal = {ErrorCode::Overloaded, "too much waits for the disk"};
    } else {
      appends_.push_back({std::move(request), std::move(done), bytes});
      append_bytes_ += bytes;
    }
  }
  if (refusal.code != ErrorCode::None) return done({{}, std::move(refusal)});
  work_.notify_one();
}

void GroupCommit::settle(Settlement settlement, SettleCallback done) {
  {
    const std::lock_guard lock(mutex_);
    if (!is_stopping_) {
      if (settlements_.empty()) settle_by_ = steady_clock::now() + kSettlementWaitMax;
      settlements_.push_back({std::move(settlement), std::move(done)});
      work_.notify_one();
      return;
    }
  }
  done(StoreError{ErrorCode::Stopping, "the store is stopping"});
}

bool GroupCommit::run(Task task) {
  const std::lock_guard lock(mutex_);
  if (is_stopping_) return false;
  tasks_.push_back(std::move(task));
  work_.notify_one();
  return true;
}

void GroupCommit::stop() {
  {
    const std::lock_guard lock(mutex_);
    is_stopping_ = true;
    work_.notify_one();
  }
  if (thread_.joinable()) thread_.join();
}

bool GroupCommit::is_idle() const {
  return appends_.empty() && settlements_.empty() && tasks_.empty();
}

void GroupCommit::work() {
  std::unique_lock lock(mutex_);
  while (!(is_stopping_ && is_idle())) {
    wait_for_work(lock);
    Round round = take_round();
    lock.unlock();
    perform(round);
    forget_ids_when_due();
    lock.lock();
  }
}

void GroupCommit::wait_for_work(std::unique_lock<std::mutex>& lock) {
  while (!is_stopping_ && appends_.empty() && tasks_.empty() &&
         settlements_.size() < kSettlementsSoon) {
    const SteadyTime until = settlements_.empty() ? forget_at_ : std::min(settle_by_, forget_at_);
    if (work_.wait_until(lock, until) == std::cv_status::timeout) return;
  }
}

GroupCommit::Round GroupCommit::take_round() {
  Round round;
  take_appends(round);
  for (PendingSettlement& pending : settlements_) {
    round.settlements.push_back(std::move(pending.settlement));
    round.settled.push_back(std::move(pending.done));
  }
  settlements_.clear();
  round.tasks = std::exchange(tasks_, {});
  return round;
}

void GroupCommit::take_appends(Round& round) {
  std::size_t entries = 0;
  std::size_t bytes = 0;
  while (!appends_.empty()) {
    PendingAppend& next = appends_.front();
    entries += next.request.entries.size();
    bytes += next.bytes;
    const bool is_full = entries > limits::kCommitEntriesMax || bytes > limits::kCommitBytesMax;
    if (is_full && !round.appends.empty()) return;
    append_bytes_ -= next.bytes;
    round.appends.push_back(std::move(next.request));
    round.appended.push_back(std::move(next.done));
    appends_.pop_front();
  }
}

void GroupCommit::perform(Round& round) {
  if (!round.appends.empty() || !round.settlements.empty()) commit(round);
  for (const Task& task : round.tasks) task(*store_);
}

void GroupCommit::commit(Round& round) {
  auto result = store_->commit(round.appends, round.settlements, now_());
  for (std::size_t i = 0; i < round.appended.size(); ++i) {
    if (result.value) {
      round.appended[i](std::move((*result.value)[i]));
    } else {
      round.appended[i]({{}, result.error});
    }
  }
  // Appends that find the disk full must not keep deliveries from making room on it.
  const bool is_full = !result.value && result.error.code == ErrorCode::StorageFull;
  if (is_full && !round.appends.empty() && !round.settlements.empty()) {
    result = store_->commit({}, round.settlements, now_());
  }
  for (const SettleCallback& settled : round.settled) {
    settled(result.value ? std::nullopt : std::optional(result.error));
  }
}

void GroupCommit::forget_ids_when_due() {
  const SteadyTime now = steady_clock::now();
  if (now < forget_at_) return;
  // An error here is the disk's, and commits report it; forgetting is tried again later.
  const StoreResult<bool> more = store_->forget_delivered_ids(now_(), kForgetStepCount);
  forget_at_ = now + (more.value.value_or(false) ? kForgetStepInterval : kForgetInterval);
}

}  // namespace waypost::relay
