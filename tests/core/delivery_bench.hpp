#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include <boost/test/unit_test.hpp>

#include "waypost/delivery/engine.hpp"

// An engine on the test bench: facts by hand, a clock that stands until it is told.
namespace waypost::tests {

using delivery::Condition;
using delivery::Failure;
using delivery::Hop;
using delivery::Key;
using Keys = std::vector<Key>;

inline delivery::Settings settings_for(Hop hop) {
  delivery::Settings settings;
  settings.hop = hop;
  settings.interval = {10'000};
  settings.batch_count_max = 10;
  settings.batch_count_soon = 5;
  settings.batch_bytes_max = 1'000;
  return settings;
}

inline delivery::Entry entry(Key key, const std::string& lane = "lane",
                             std::int64_t next_at_ms = 0) {
  return {.key = key,
          .group = "group",
          .lane = lane,
          .bytes = 10,
          .attempts = 0,
          .next_at = {next_at_ms}};
}

inline delivery::Outcome status(int code, std::optional<Duration> retry_after = std::nullopt) {
  return {.status = code,
          .failure = Failure::None,
          .retry_after = retry_after,
          .extent = delivery::Extent::None,
          .results = {}};
}

inline delivery::Outcome stored() {
  auto outcome = status(204);
  outcome.extent = delivery::Extent::Whole;
  return outcome;
}

inline delivery::Outcome per_entry(std::vector<delivery::EntryResult> results) {
  auto outcome = status(200);
  outcome.extent = delivery::Extent::PerEntry;
  outcome.results = std::move(results);
  return outcome;
}

// An engine with an empty queue read to its end, and a clock.
struct Bench {
  explicit Bench(Hop hop = Hop::Lrs) : engine(settings_for(hop), 1) {
    engine.started({now_ms});
    take<delivery::Load>();
    engine.loaded({}, false, {now_ms});
  }

  void enqueue(Key from, Key to, const std::string& lane = "lane") {
    for (Key key = from; key <= to; ++key) engine.enqueued(entry(key, lane), {now_ms});
  }

  template <typename Kind>
  Kind take() {
    auto action = engine.next_action();
    BOOST_REQUIRE(action.has_value());
    BOOST_REQUIRE(std::holds_alternative<Kind>(*action));
    return std::get<Kind>(*action);
  }

  bool idle() { return !engine.next_action().has_value(); }

  // Lets the time pass to the next wake-up and says how long that was.
  std::int64_t wait() {
    BOOST_REQUIRE(engine.next_wakeup().has_value());
    const std::int64_t waited_ms = engine.next_wakeup()->ms - now_ms;
    now_ms += waited_ms;
    engine.timer({now_ms});
    return waited_ms;
  }

  delivery::Send answer(const delivery::Send& send, const delivery::Outcome& outcome) {
    engine.outcome(send.batch, outcome, {now_ms});
    return send;
  }

  // Sends what waits and has it stored.
  Keys deliver() {
    const auto send = take<delivery::Send>();
    answer(send, stored());
    BOOST_TEST(take<delivery::Remove>().keys == send.keys);
    return send.keys;
  }

  void expect_report(Condition condition, bool raised) {
    const auto report = take<delivery::Report>();
    BOOST_TEST((report.condition == condition));
    BOOST_TEST(report.raised == raised);
  }

  delivery::Engine engine;
  std::int64_t now_ms = 1'000'000;
};

}  // namespace waypost::tests

BOOST_TEST_SPECIALIZED_COLLECTION_COMPARE(std::vector<waypost::delivery::Key>)
