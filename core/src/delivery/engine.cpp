#include "waypost/delivery/engine.hpp"

#include <algorithm>
#include <utility>

#include "waypost/delivery/selection.hpp"

namespace waypost::delivery {
namespace {

// What no engine can work with is mended here, so that nothing later has to doubt it.
Settings bounded(Settings settings) {
  settings.interval.ms =
      std::clamp<std::int64_t>(settings.interval.ms, 0, limits::kUpdateIntervalMaxMs);
  settings.window_count_max =
      std::clamp(settings.window_count_max, limits::kEngineWindowDefault, limits::kEngineWindowMax);
  settings.batch_count_max =
      std::clamp<std::size_t>(settings.batch_count_max, 1, settings.window_count_max);
  settings.batch_count_soon =
      std::clamp<std::size_t>(settings.batch_count_soon, 1, settings.batch_count_max);
  settings.batch_bytes_max = std::max<std::size_t>(settings.batch_bytes_max, 1);
  settings.backoff_base.ms =
      std::clamp<std::int64_t>(settings.backoff_base.ms, 1, limits::kBackoffMaxMs);
  return settings;
}

void move_back(std::optional<Instant>& at, Duration by) {
  if (at) at->ms -= by.ms;
}

}  // namespace

Engine::Engine(const Settings& settings, std::uint64_t seed)
    : settings_(bounded(settings)),
      random_(seed),
      batch_count_cap_(settings_.batch_count_max),
      batch_bytes_cap_(settings_.batch_bytes_max) {}

void Engine::started(Instant now, std::optional<BlockCause> blocked) {
  started_ = true;
  if (blocked) {
    blocked_ = true;
    block_cause_ = *blocked;
    batch_count_cap_ = 1;
    ask(Report{.condition = Condition::Blocked, .raised = true, .cause = *blocked});
  }
  advance(now);
}

bool Engine::enqueued(Entry entry, Instant now) {
  notice_clock(now);
  const bool taken = take_in(std::move(entry), now);
  advance(now);
  return taken;
}

bool Engine::take_in(Entry entry, Instant now) {
  const Key key = entry.key;
  if (key <= loaded_through_) return false;  // a load has told of it already
  const bool beyond_window =
      key > known_through_ && (unread_ || loading_ || window_.size() >= settings_.window_count_max);
  if (beyond_window) {
    unread_ = true;
    missed_through_ = std::max(missed_through_, key);
    return false;
  }
  const std::size_t bytes = entry.bytes;
  look_ = look_ || window_.empty();
  if (!window_.insert({.entry = std::move(entry), .since = now})) return false;
  known_through_ = std::max(known_through_, key);
  count_missing_ -= std::min<std::size_t>(count_missing_, 1);
  bytes_missing_ -= std::min(bytes_missing_, bytes);
  if (!flight_ && !stopping_) wake_at(now + settings_.interval);
  return true;
}

void Engine::loaded(std::vector<Entry> entries, bool more, Instant now) {
  notice_clock(now);
  loading_ = false;
  look_ = true;
  // No wait is longer than what a next hop may ask for; a later instant is a wrong clock's.
  Instant latest = now + Duration{limits::kRetryAfterMaxMs};
  if (deferred_until_max_) latest = std::min(latest, *deferred_until_max_);
  const bool unreadable = more && entries.empty();
  // The earlier run may have ended before it heard of what it had sent.
  const bool is_first_load = loaded_through_ == 0;
  for (Entry& entry : entries) {
    const Key key = entry.key;
    entry.next_at = std::min(entry.next_at, latest);
    window_.insert({.entry = std::move(entry),
                    .since = now,
                    .due = true,
                    .piece = kNoPiece,
                    .may_be_stored = is_first_load});
    known_through_ = std::max(known_through_, key);
    loaded_through_ = std::max(loaded_through_, key);
  }
  unread_ = more || missed_through_ > known_through_;
  if (unreadable) load_retry_at_ = now + Duration{limits::kLoadRetryMs};
  advance(now);
}

void Engine::timer(Instant now) {
  look_ = true;
  advance(now);
}

void Engine::flush(Instant now) {
  for (auto& [key, waiting] : window_) waiting.due = true;
  look_ = true;
  advance(now);
}

void Engine::online(Instant now) {
  notice_clock(now);
  Instant soon = now + Duration{random_.up_to(limits::kOnlineRetryWithinMs)};
  if (asked_until_) soon = std::max(soon, *asked_until_);
  deferred_until_max_ = soon;
  if (retry_at_) retry_at_ = std::min(*retry_at_, soon);
  for (auto& [key, waiting] : window_) {
    waiting.entry.next_at = std::min(waiting.entry.next_at, soon);
  }
  look_ = true;
  advance(now);
}

void Engine::settings_changed(const Settings& settings, Instant now) {
  notice_clock(now);
  settings_ = bounded(settings);
  batch_count_cap_ = blocked_ ? 1 : settings_.batch_count_max;
  batch_bytes_cap_ = settings_.batch_bytes_max;
  if (blocked_) retry_at_.reset();  // the change may be what was needed
  look_ = true;
  advance(now);
}

void Engine::isolate_anyway(Instant now) {
  notice_clock(now);
  if (blocked_ && block_cause_ == BlockCause::Suspect) {
    isolate_anyway_ = true;
    lift_block();
    retry_at_ = asked_until_;
    look_ = true;
  }
  advance(now);
}

void Engine::stopping(Instant now) {
  stopping_ = true;
  advance(now);
}

std::optional<Action> Engine::next_action() {
  if (actions_taken_ == actions_.size()) {
    actions_.clear();
    actions_taken_ = 0;
    return std::nullopt;
  }
  return std::move(actions_[actions_taken_++]);
}

// Where the clock was set back, what was measured by it moves along, so that no wait grows by it.
void Engine::notice_clock(Instant now) {
  if (now < now_) {
    const Duration back = now_ - now;
    for (auto& [key, waiting] : window_) {
      waiting.since.ms -= back.ms;
      waiting.entry.next_at.ms -= back.ms;
    }
    move_back(retry_at_, back);
    move_back(asked_until_, back);
    move_back(deferred_until_max_, back);
    move_back(load_retry_at_, back);
    batch_bytes_cap_until_.ms -= back.ms;
    look_ = true;
  }
  now_ = now;
}

void Engine::advance(Instant now) {
  notice_clock(now);
  if (stopping_) {
    wakeup_.reset();
    return;
  }
  look_for_load(now);
  if (flight_) {
    wakeup_ = load_retry_at_;
    return;
  }
  if (!worth_looking(now)) return;
  look_ = false;
  wakeup_ = load_retry_at_;
  if (window_.empty()) return;
  if (retry_at_ && *retry_at_ > now) {
    // Nothing that arrives can change anything before then.
    count_missing_ = bytes_missing_ = static_cast<std::size_t>(-1);
    wake_at(*retry_at_);
  } else if (blocked_) {
    look_for_probe(now);
  } else if (!look_for_witness(now)) {
    look_for_batch(now);
  }
}

bool Engine::worth_looking(Instant now) const {
  return look_ || count_missing_ == 0 || bytes_missing_ == 0 || (wakeup_ && *wakeup_ <= now);
}

void Engine::look_for_load(Instant now) {
  if (!started_ || !unread_ || loading_) return;
  if (window_.size() + limits::kEngineLoadRoomMin > settings_.window_count_max) return;
  if (load_retry_at_ && *load_retry_at_ > now) return;
  load_retry_at_.reset();
  loading_ = true;
  missed_through_ = 0;
  ask(Load{.after_key = known_through_, .count_max = settings_.window_count_max - window_.size()});
}

void Engine::look_for_batch(Instant now) {
  const BatchBounds bounds{
      .interval = settings_.interval,
      .count_max = std::min(settings_.batch_count_max, batch_count_cap_),
      .count_soon = settings_.batch_count_soon,
      .bytes_max = batch_bytes_max(now),
      .failed = failures_ > 0 && !isolation_.empty() ? &isolation_ : nullptr,
  };
  Selection selection = select_batch(window_, bounds, now);
  if (!selection.keys.empty()) return send(std::move(selection.keys), Purpose::Deliver);
  count_missing_ = selection.count_missing;
  bytes_missing_ = selection.bytes_missing;
  if (selection.look_again_at) wake_at(*selection.look_again_at);
}

void Engine::look_for_probe(Instant now) {
  Selection selection = select_probe(window_, probed_, Candidates::Any, now);
  if (selection.keys.empty() && !probed_.empty()) {
    probed_.clear();
    selection = select_probe(window_, probed_, Candidates::Any, now);
  }
  if (!selection.keys.empty()) {
    probed_.push_back(selection.keys.front());
    return send(std::move(selection.keys), Purpose::Probe);
  }
  count_missing_ = bytes_missing_ = 1;
  if (selection.look_again_at) wake_at(*selection.look_again_at);
}

bool Engine::look_for_witness(Instant now) {
  const std::optional<Candidates> wanted = std::exchange(witness_wanted_, std::nullopt);
  if (!wanted) return false;
  const bool in_order = *wanted == Candidates::HeadsOfLanes;
  Selection selection = select_probe(window_, probed_, *wanted, now);
  if (selection.keys.empty()) {
    // One out of its order must be another each time, until all have been tried.
    if (!in_order) probed_.clear();
    return false;
  }
  probed_.push_back(selection.keys.front());
  send(std::move(selection.keys), in_order ? Purpose::Deliver : Purpose::Probe);
  return true;
}

// The cap is tried again daily: what was too large for a proxy in between may fit now.
std::size_t Engine::batch_bytes_max(Instant now) {
  if (now >= batch_bytes_cap_until_) batch_bytes_cap_ = settings_.batch_bytes_max;
  return std::min(settings_.batch_bytes_max, batch_bytes_cap_);
}

void Engine::take_out(std::span<const Key> keys) {
  isolation_.leave(window_, keys);
  window_.remove(keys);
}

void Engine::ask(Action action) {
  actions_.push_back(std::move(action));
}

void Engine::send(std::vector<Key> keys, Purpose purpose) {
  for (const Key key : keys) count_one_more(window_.find(key)->entry.attempts);
  ++last_batch_;
  ask(Send{.batch = last_batch_, .keys = keys, .probe = purpose == Purpose::Probe});
  flight_ = Flight{.batch = last_batch_, .keys = std::move(keys), .purpose = purpose};
}

void Engine::wake_at(Instant at) {
  if (!wakeup_ || at < *wakeup_) wakeup_ = at;
}

}  // namespace waypost::delivery
