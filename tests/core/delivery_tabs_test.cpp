#include <algorithm>
#include <array>
#include <cstdint>
#include <cstdlib>
#include <map>
#include <memory>
#include <optional>
#include <random>
#include <set>
#include <string>
#include <variant>
#include <vector>

#include <boost/test/unit_test.hpp>

#include "waypost/delivery/engine.hpp"

// A seeded world of several tabs, an engine in each, on one queue. They take turns at sending, or
// not; they open, and are killed. What js/driver.js does for its engine a tab does here.
namespace delivery = waypost::delivery;
using delivery::Key;
using waypost::Duration;
using waypost::Instant;

namespace {

class Browser {
 public:
  explicit Browser(std::uint64_t seed) : dice_(seed), takes_turns_(chance(70)) {
    settings_.hop = delivery::Hop::Relay;
    settings_.interval = {5'000};
    settings_.batch_count_max = 20;
    open_tab();
  }

  void live(int steps) {
    for (int step = 0; step < steps; ++step) {
      const std::uint64_t what = dice_() % 100;
      if (what < 30) {
        append();
      } else if (what < 80) {
        something_happens();
      } else if (what < 88) {
        now_.ms += static_cast<std::int64_t>(dice_() % 20'000);
      } else if (what < 92) {
        look_for_more(any_tab());
      } else if (what < 96) {
        open_tab();
      } else {
        kill(any_tab());
      }
    }
  }

  // A healed relay, and one tab that stays: everything arrives.
  void heal_and_drain() {
    healed_ = true;
    while (tabs_.size() > 1) kill(tabs_.begin());
    look_for_more(tabs_.begin());
    const Instant last = now_ + Duration{kDrainMaxMs};
    for (int step = 0; !queue_.empty(); ++step) {
      BOOST_REQUIRE_LT(step, 20'000);
      BOOST_REQUIRE_LT(now_.ms, last.ms);
      something_happens();
    }
    for (const auto& [key, is_good] : accepted_) BOOST_TEST(settled_.contains(key));
    BOOST_TEST(settled_.size() == accepted_.size());
  }

  std::size_t accepted() const { return accepted_.size(); }

 private:
  struct Tab {
    std::unique_ptr<delivery::Engine> engine;
    std::set<Key> told;
    std::optional<delivery::Load> load;
    std::optional<delivery::Send> flight;
  };

  using Tabs = std::vector<Tab>;

  bool chance(int percent) { return static_cast<int>(dice_() % 100) < percent; }

  Tabs::iterator any_tab() {
    return tabs_.begin() + static_cast<std::ptrdiff_t>(dice_() % tabs_.size());
  }

  void open_tab() {
    if (tabs_.size() == kTabsMax) return;
    tabs_.push_back({std::make_unique<delivery::Engine>(settings_, dice_()), {}, {}, {}});
    tabs_.back().engine->started(now_);
    perform(tabs_.back());
  }

  // With what it had under way, which may have arrived.
  void kill(Tabs::iterator tab) {
    if (tab->flight && chance(50)) relay_reads(*tab->flight);
    tabs_.erase(tab);
    if (tabs_.empty()) open_tab();
  }

  void append() {
    delivery::Entry entry;
    entry.key = ++last_key_;
    entry.group = "ticket" + std::to_string(dice_() % 2);
    entry.lane = "lane" + std::to_string(dice_() % 3);
    entry.bytes = static_cast<std::uint32_t>(dice_() % 2'000);
    queue_[entry.key] = entry;
    ticket_of_[entry.key] = entry.group;
    accepted_[entry.key] = !chance(5);
    enqueue(*any_tab(), entry);
  }

  void enqueue(Tab& tab, const delivery::Entry& entry) {
    tab.told.insert(entry.key);
    tab.engine->enqueued(entry, now_);
    perform(tab);
  }

  void look_for_more(Tabs::iterator tab) {
    if (tab->load) return;
    for (const auto& [key, entry] : std::map(queue_)) {
      if (!tab->told.contains(key)) enqueue(*tab, entry);
    }
  }

  void something_happens() {
    Tab& tab = *any_tab();
    if (tab.load) return loaded(tab);
    if (tab.flight) return answered(tab);
    const auto wakeup = tab.engine->next_wakeup();
    if (wakeup) now_.ms = std::max(now_.ms, wakeup->ms);
    tab.engine->timer(now_);
    perform(tab);
  }

  void loaded(Tab& tab) {
    const delivery::Load load = *tab.load;
    tab.load.reset();
    std::vector<delivery::Entry> entries;
    auto row = queue_.upper_bound(load.after_key);
    for (; row != queue_.end() && entries.size() < load.count_max; ++row) {
      tab.told.insert(row->first);
      entries.push_back(row->second);
    }
    tab.engine->loaded(entries, row != queue_.end(), now_);
    perform(tab);
  }

  void answered(Tab& tab) {
    const bool another_sends = std::any_of(tabs_.begin(), tabs_.end(), [&](const Tab& other) {
      return &other != &tab && other.flight;
    });
    if (takes_turns_ && another_sends && chance(90)) return;  // it waits for its turn
    const delivery::Send flight = *tab.flight;
    tab.flight.reset();
    tab.engine->outcome(flight.batch, outcome_of(flight), now_);
    perform(tab);
  }

  delivery::Outcome outcome_of(const delivery::Send& flight) {
    delivery::Outcome outcome;
    if (!healed_ && chance(40)) {
      if (chance(50)) relay_reads(flight);  // and its answer gets lost
      if (chance(50)) {
        outcome.failure = delivery::Failure::Network;
      } else {
        constexpr std::array<int, 6> kStatuses{200, 401, 413, 429, 500, 503};
        outcome.status = kStatuses.at(dice_() % kStatuses.size());
      }
      return outcome;
    }
    outcome.status = 200;
    outcome.extent = delivery::Extent::PerEntry;
    for (const Key key : flight.keys) {
      const bool is_sent = queue_.contains(key);  // else another tab has settled it
      if (is_sent && !healed_ && chance(10)) continue;
      if (is_sent) read_.insert(key);
      const bool is_refused = is_sent && !accepted_.at(key);
      const auto answer =
          is_refused ? delivery::EntryAnswer::Refused : delivery::EntryAnswer::Stored;
      outcome.results.push_back({key, answer});
    }
    return outcome;
  }

  void relay_reads(const delivery::Send& flight) {
    for (const Key key : flight.keys) {
      if (queue_.contains(key)) read_.insert(key);
    }
  }

  void perform(Tab& tab) {
    while (auto action = tab.engine->next_action()) {
      std::visit([&](const auto& one) { act(tab, one); }, *action);
    }
  }

  void act(Tab& tab, const delivery::Load& load) { tab.load = load; }

  void act(Tab& tab, const delivery::Send& send) {
    BOOST_REQUIRE(!tab.flight);
    const std::string& ticket = ticket_of_.at(send.keys.front());
    for (const Key key : send.keys) BOOST_REQUIRE_EQUAL(ticket_of_.at(key), ticket);
    tab.flight = send;
  }

  void act(Tab& tab, const delivery::Remove& remove) {
    for (const Key key : remove.keys) leave(tab, key, true);
  }

  void act(Tab& tab, const delivery::Bury& bury) { leave(tab, bury.key, false); }

  void act(Tab& /*tab*/, const delivery::Defer& defer) {
    for (const Key key : defer.keys) {
      const auto row = queue_.find(key);
      if (row == queue_.end()) continue;  // another tab settled it
      ++row->second.attempts;
      row->second.next_at = defer.until;
    }
  }

  void act(Tab& /*tab*/, const delivery::Report& /*report*/) {}

  void act(Tab& /*tab*/, const delivery::LookUp& /*look_up*/) {
    BOOST_FAIL("a relay is not asked");
  }

  void act(Tab& /*tab*/, const delivery::AlreadyThere& /*there*/) {
    BOOST_FAIL("a relay is not asked");
  }

  void leave(Tab& tab, Key key, bool as_good) {
    tab.told.erase(key);
    if (queue_.erase(key) == 0) {
      BOOST_REQUIRE(settled_.contains(key));
      return;
    }
    BOOST_REQUIRE(read_.contains(key));
    BOOST_REQUIRE_EQUAL(accepted_.at(key), as_good);
    settled_.insert(key);
  }

  static constexpr std::size_t kTabsMax = 20;
  // An hour for what the relay may have asked for, and another for the waits after it.
  static constexpr std::int64_t kDrainMaxMs = 2 * 3'600'000;

  std::mt19937_64 dice_;
  bool takes_turns_;
  delivery::Settings settings_;
  Instant now_{1'800'000'000'000};
  Tabs tabs_;
  bool healed_ = false;
  Key last_key_ = 0;
  std::map<Key, delivery::Entry> queue_;
  std::map<Key, std::string> ticket_of_;
  std::map<Key, bool> accepted_;  // whether the relay takes it
  std::set<Key> read_;            // by the relay
  std::set<Key> settled_;
};

}  // namespace

BOOST_AUTO_TEST_SUITE(delivery_simulation)

BOOST_AUTO_TEST_CASE(tabs_that_share_a_queue_lose_nothing) {
  const char* const wanted = std::getenv("WAYPOST_SIMULATION_SEEDS");
  const std::uint64_t seeds = wanted == nullptr ? 200 : std::stoull(wanted);
  std::size_t accepted = 0;
  for (std::uint64_t seed = 1; seed <= seeds; ++seed) {
    BOOST_TEST_CONTEXT("seed " << seed) {
      Browser browser(seed);
      browser.live(400);
      browser.heal_and_drain();
      accepted += browser.accepted();
    }
  }
  BOOST_TEST(accepted > 100U * seeds);
}

BOOST_AUTO_TEST_SUITE_END()
