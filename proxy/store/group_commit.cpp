#include "proxy/store/group_commit.hpp"

#include <chrono>
#include <string>
#include <utility>

#include "waypost/limits.hpp"

namespace waypost::relay {
namespace {

constexpr Duration kSettlementWait{20};
constexpr std::size_t kSettlementsSoon = 64;  // this many do not wait for an append

constexpr Duration kForgetDelayAtStart{60'000};
constexpr Duration kForgetInterval{3'600'000};
constexpr Duration kForgetStepInterval{200};
constexpr std::size_t kForgetStepCount = 500;

std::size_t bytes_of(const AppendRequest& request) {
  std::size_t bytes = 0;
  for (const NewEntry& entry : request.entries) bytes += entry.bytes.size() + sizeof(NewEntry);
  return bytes;
}

}  // namespace

GroupCommit::GroupCommit(std::unique_ptr<Store> store, Clock now, Duration stalled_after)
    : store_(std::move(store)),
      now_(std::move(now)),
      stalled_after_(stalled_after),
      forget_at_(now_() + kForgetDelayAtStart) {
  thread_ = std::thread([this] { work(); });
}

GroupCommit::~GroupCommit() {
  stop();
}

void GroupCommit::append(AppendRequest request, AppendCallback done) {
  const std::size_t bytes = bytes_of(request);
  std::unique_lock lock(mutex_);
  if (const std::optional<StoreError> refusal = why_not_append(bytes)) {
    lock.unlock();
    done({{}, *refusal}, std::move(request));
    return;
  }
  appends_.push_back({std::move(request), std::move(done), bytes});
  append_bytes_ += bytes;
  work_.notify_one();
}

std::optional<StoreError> GroupCommit::why_not_append(std::size_t bytes) const {
  if (is_stopping_) return StoreError{ErrorCode::Stopping, "the store is stopping"};
  if (const auto stalled = stalled_for_locked()) {
    return StoreError{ErrorCode::StorageFailed,
                      "the disk has not answered for " + std::to_string(stalled->ms / 1000) + " s"};
  }
  const bool has_room = appends_.size() < limits::kCommitQueueRequestsMax &&
                        append_bytes_ + bytes <= limits::kCommitQueueBytesMax;
  if (has_room) return std::nullopt;
  return StoreError{ErrorCode::Overloaded, "too much waits for the disk"};
}

std::optional<Duration> GroupCommit::stalled_for() const {
  const std::lock_guard lock(mutex_);
  return stalled_for_locked();
}

std::optional<Duration> GroupCommit::stalled_for_locked() const {
  if (!round_began_) return std::nullopt;
  const auto lasting = steady_now() - *round_began_;
  const Duration lasts{std::chrono::duration_cast<std::chrono::milliseconds>(lasting).count()};
  return lasts < stalled_after_ ? std::nullopt : std::optional(lasts);
}

void GroupCommit::settle(Settlement settlement, SettleCallback done) {
  std::unique_lock lock(mutex_);
  if (is_stopping_) {
    lock.unlock();
    done(StoreError{ErrorCode::Stopping, "the store is stopping"});
    return;
  }
  settlements_.push_back({std::move(settlement), std::move(done)});
  // Not for each: that would begin the wait for company anew.
  const bool is_wanted = settlements_.size() == 1 || settlements_.size() == kSettlementsSoon;
  if (is_wanted) work_.notify_one();
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
    round_began_ = steady_now();
    lock.unlock();
    perform(round);
    lock.lock();
    round_began_.reset();
  }
}

void GroupCommit::wait_for_work(std::unique_lock<std::mutex>& lock) {
  while (!is_stopping_ && appends_.empty() && tasks_.empty() &&
         settlements_.size() < kSettlementsSoon) {
    const Duration idle = is_forgetting_ ? kForgetStepInterval : kForgetDelayAtStart;
    const Duration wait = settlements_.empty() ? idle : kSettlementWait;
    const auto woken = work_.wait_for(lock, std::chrono::milliseconds(wait.ms));
    if (woken == std::cv_status::timeout) return;
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
  const Instant now = now_();
  if (!round.appends.empty() || !round.settlements.empty()) commit(round, now);
  for (const Task& task : round.tasks) task(*store_);
  forget_ids_when_due(now);
}

void GroupCommit::commit(Round& round, Instant now) {
  auto result = store_->commit(round.appends, round.settlements, now);
  for (std::size_t i = 0; i < round.appended.size(); ++i) {
    AppendRequest& request = round.appends[i];
    if (result.value) {
      round.appended[i](std::move((*result.value)[i]), std::move(request));
    } else {
      round.appended[i]({{}, result.error}, std::move(request));
    }
  }
  // Appends that find the disk full must not keep deliveries from making room on it.
  const bool is_full = !result.value && result.error.code == ErrorCode::StorageFull;
  if (is_full && !round.appends.empty() && !round.settlements.empty()) {
    result = store_->commit({}, round.settlements, now);
  }
  for (const SettleCallback& settled : round.settled) {
    settled(result.value ? std::nullopt : std::optional(result.error));
  }
}

void GroupCommit::forget_ids_when_due(Instant now) {
  if (now < forget_at_) return;
  // An error here is the disk's, and commits report it; forgetting is tried again later.
  is_forgetting_ = store_->forget_delivered_ids(now, kForgetStepCount).value.value_or(false);
  forget_at_ = now + (is_forgetting_ ? kForgetStepInterval : kForgetInterval);
}

}  // namespace waypost::relay
