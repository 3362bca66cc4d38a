#pragma once

#include <algorithm>
#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include <boost/test/unit_test.hpp>

#include "waypost/delivery/engine.hpp"

// One engine before an LRS that has opinions about single statements: what arrives, what is buried
// and why, and how many requests it took.
namespace waypost::tests {

using delivery::BlockCause;
using delivery::BurialReason;
using delivery::Found;
using delivery::Key;
using Keys = std::vector<Key>;

inline constexpr std::int64_t kDayMs = 24LL * 3600 * 1000;

inline delivery::Outcome status(int code) {
  delivery::Outcome outcome;
  outcome.status = code;
  if (code == 204) outcome.extent = delivery::Extent::Whole;
  return outcome;
}

inline delivery::Outcome failure(delivery::Failure kind) {
  delivery::Outcome outcome;
  outcome.failure = kind;
  return outcome;
}

class Lrs {
 public:
  using Answer = std::function<delivery::Outcome(const Keys&)>;

  explicit Lrs(Answer answer, std::optional<BlockCause> blocked = std::nullopt)
      : answer_(std::move(answer)), engine_({}, 1) {
    engine_.started({now_ms_}, blocked);
    perform();
  }

  // A batch that is full goes at once; each entry has a lane of its own unless one is given.
  void enqueue(Key from, Key to, const std::string& lane = {}) {
    for (Key key = from; key <= to; ++key) {
      delivery::Entry entry;
      entry.key = key;
      entry.lane = lane.empty() ? std::to_string(key) : lane;
      entry.bytes = 1'000;
      waiting_.insert(key);
      engine_.enqueued(entry, {now_ms_});
      perform();
    }
    engine_.flush({now_ms_});
    perform();
  }

  // Until nothing waits, or these days have passed.
  void run(int days = 1) {
    const std::int64_t last_ms = now_ms_ + days * kDayMs;
    while (!waiting_.empty() && engine_.next_wakeup() && engine_.next_wakeup()->ms <= last_ms) {
      now_ms_ = std::max(now_ms_, engine_.next_wakeup()->ms);
      engine_.timer({now_ms_});
      perform();
    }
  }

  void answer_by(Answer answer) { answer_ = std::move(answer); }

  void isolate_anyway() {
    engine_.isolate_anyway({now_ms_});
    perform();
  }

  delivery::Engine& engine() { return engine_; }

  std::function<Found(Key)> find = [](Key) { return Found::Absent; };
  std::map<Key, BurialReason> buried;
  std::vector<Keys> requests;
  Keys looked_up;
  std::set<Key> stored;
  std::map<Key, bool> already_there;
  std::optional<BlockCause> blocked;
  std::size_t blocks = 0;
  bool outage = false;

  const std::set<Key>& waiting() const { return waiting_; }

  std::size_t buried_for(BurialReason reason) const {
    return static_cast<std::size_t>(std::count_if(
        buried.begin(), buried.end(), [=](const auto& one) { return one.second == reason; }));
  }

 private:
  void perform() {
    while (auto action = engine_.next_action()) {
      std::visit([this](const auto& one) { act(one); }, *action);
    }
  }

  void act(const delivery::Load& /*load*/) { engine_.loaded({}, false, {now_ms_}); }

  void act(const delivery::Send& send) {
    requests.push_back(send.keys);
    ++now_ms_;
    const auto outcome = answer_(send.keys);
    if (outcome.status == 204) stored.insert(send.keys.begin(), send.keys.end());
    engine_.outcome(send.batch, outcome, {now_ms_});
  }

  void act(const delivery::LookUp& asked) {
    looked_up.push_back(asked.key);
    engine_.looked_up(asked.request, find(asked.key), {now_ms_});
  }

  void act(const delivery::Remove& remove) {
    for (const Key key : remove.keys) waiting_.erase(key);
  }

  void act(const delivery::AlreadyThere& there) {
    already_there[there.key] = there.verified;
    waiting_.erase(there.key);
  }

  void act(const delivery::Bury& bury) {
    BOOST_TEST(buried.emplace(bury.key, bury.reason).second);
    BOOST_TEST(bury.attempts >= 1U);
    waiting_.erase(bury.key);
  }

  void act(const delivery::Defer& /*defer*/) {}

  void act(const delivery::Report& report) {
    if (report.condition == delivery::Condition::Outage) {
      outage = report.raised;
    } else {
      blocked = report.raised ? std::optional(report.cause) : std::nullopt;
      if (report.raised) ++blocks;
    }
  }

  Answer answer_;
  delivery::Engine engine_;
  std::int64_t now_ms_ = 1'000'000'000;
  std::set<Key> waiting_;
};

// Answers `code` to every request that has one of `bad`.
inline Lrs::Answer refuses(std::set<Key> bad, int code = 400) {
  return [bad = std::move(bad), code](const Keys& keys) {
    const bool has_bad =
        std::any_of(keys.begin(), keys.end(), [&](Key key) { return bad.contains(key); });
    return status(has_bad ? code : 204);
  };
}

}  // namespace waypost::tests
