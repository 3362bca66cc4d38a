#include <algorithm>
#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include <boost/test/unit_test.hpp>

#include "waypost/delivery/engine.hpp"

// One engine before an LRS that has opinions about single statements: what arrives, what is buried
// and why, and how many requests it took.
namespace delivery = waypost::delivery;
namespace limits = waypost::limits;
using delivery::BlockCause;
using delivery::BurialReason;
using delivery::Found;
using delivery::Key;
using Keys = std::vector<Key>;

namespace {

constexpr std::int64_t kDayMs = 24LL * 3600 * 1000;

delivery::Outcome status(int code) {
  delivery::Outcome outcome;
  outcome.status = code;
  if (code == 204) outcome.extent = delivery::Extent::Whole;
  return outcome;
}

delivery::Outcome failure(delivery::Failure kind) {
  delivery::Outcome outcome;
  outcome.failure = kind;
  return outcome;
}

std::size_t log2_up(std::size_t count) {
  std::size_t steps = 0;
  while ((std::size_t{1} << steps) < count) ++steps;
  return steps;
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
Lrs::Answer refuses(std::set<Key> bad, int code = 400) {
  return [bad = std::move(bad), code](const Keys& keys) {
    const bool has_bad =
        std::any_of(keys.begin(), keys.end(), [&](Key key) { return bad.contains(key); });
    return status(has_bad ? code : 204);
  };
}

}  // namespace

BOOST_TEST_SPECIALIZED_COLLECTION_COMPARE(std::vector<Key>)

BOOST_AUTO_TEST_SUITE(delivery_isolation)

BOOST_AUTO_TEST_CASE(bad_ones_are_found_among_good_ones_within_the_bound) {
  const std::vector<std::set<Key>> cases{{1},      {100},        {50},           {37, 38},
                                         {1, 100}, {10, 50, 90}, {1, 2, 3, 99},  {25, 50, 75, 100},
                                         {64},     {63, 64, 65}, {5, 6, 7, 8, 9}};
  for (const int code : {400, 422, 403}) {
    for (const auto& bad : cases) {
      BOOST_TEST_CONTEXT(code << ", first bad " << *bad.begin() << " of " << bad.size()) {
        Lrs lrs(refuses(bad, code));
        lrs.enqueue(1, 100);
        lrs.run();
        BOOST_TEST(lrs.waiting().empty());
        BOOST_TEST(lrs.stored.size() == 100 - bad.size());
        BOOST_TEST(lrs.requests.size() <= 2 * bad.size() * log2_up(100) + 1);
        const auto reason = code == 403 ? BurialReason::Forbidden : BurialReason::Refused;
        BOOST_TEST(lrs.buried_for(reason) == bad.size());
        for (const Key key : bad) BOOST_TEST(lrs.buried.contains(key), key);
        BOOST_TEST(!lrs.outage);
      }
    }
  }
}

BOOST_AUTO_TEST_CASE(every_second_of_a_hundred_is_found) {
  std::set<Key> bad;
  for (Key key = 2; key <= 100; key += 2) bad.insert(key);
  Lrs lrs(refuses(bad));
  lrs.enqueue(1, 100);
  lrs.run();
  BOOST_TEST(lrs.stored.size() == 50U);
  BOOST_TEST(lrs.buried.size() == 50U);
  BOOST_TEST(lrs.requests.size() <= 2 * 50 * log2_up(100) + 1);
}

BOOST_AUTO_TEST_CASE(a_single_bad_statement_is_buried_at_once) {
  Lrs lrs(refuses({1}));
  lrs.enqueue(1, 1);
  BOOST_TEST(lrs.requests.size() == 1U);
  BOOST_TEST((lrs.buried.at(1) == BurialReason::Refused));
}

BOOST_AUTO_TEST_CASE(where_everything_is_refused_it_is_not_the_statements) {
  Lrs lrs([](const Keys&) { return status(400); });
  lrs.enqueue(1, 100);
  lrs.run();
  BOOST_TEST((lrs.blocked == BlockCause::Suspect));
  BOOST_TEST(lrs.buried.size() == limits::kMassRefusalMin - 1);
  BOOST_TEST(lrs.waiting().size() == 100 - lrs.buried.size());
  // Healed, the probe lifts the block and all that is left arrives.
  lrs.answer_by(refuses({}));
  lrs.run();
  BOOST_TEST(!lrs.blocked.has_value());
  BOOST_TEST(lrs.waiting().empty());
  BOOST_TEST(lrs.stored.size() == 100 - lrs.buried.size());
}

BOOST_AUTO_TEST_CASE(a_human_may_order_to_isolate_anyway) {
  Lrs lrs([](const Keys&) { return status(400); });
  lrs.enqueue(1, 100);
  lrs.run();
  lrs.isolate_anyway();
  lrs.run();
  BOOST_TEST(lrs.buried.size() == 100U);
  BOOST_TEST(!lrs.blocked.has_value());
}

BOOST_AUTO_TEST_CASE(the_order_to_isolate_anyway_is_for_what_waited) {
  Lrs lrs([](const Keys&) { return status(400); });
  lrs.enqueue(1, 100);
  lrs.run();
  lrs.isolate_anyway();
  lrs.run();
  lrs.enqueue(101, 120);
  lrs.run();
  BOOST_TEST((lrs.blocked == BlockCause::Suspect));
  BOOST_TEST(lrs.buried.size() == 100U);
}

BOOST_AUTO_TEST_CASE(to_isolate_anyway_means_nothing_for_another_block) {
  Lrs lrs([](const Keys&) { return status(401); });
  lrs.enqueue(1, 100);
  lrs.isolate_anyway();
  BOOST_TEST((lrs.blocked == BlockCause::Unauthorized));
  BOOST_TEST(lrs.buried.empty());
}

BOOST_AUTO_TEST_CASE(a_suspicion_outlives_a_restart) {
  Lrs lrs([](const Keys&) { return status(400); }, BlockCause::Suspect);
  BOOST_TEST((lrs.blocked == BlockCause::Suspect));
  lrs.enqueue(1, 20);
  lrs.run();
  BOOST_TEST(lrs.buried.empty());
  for (const Keys& request : lrs.requests) BOOST_TEST(request.size() == 1U);
}

BOOST_AUTO_TEST_CASE(a_block_takes_another_entry_with_each_probe) {
  for (const int code : {401, 404, 405, 302, 201, 418}) {
    Lrs lrs([=](const Keys&) { return status(code); });
    lrs.enqueue(1, 5);
    for (int i = 0; i < 5; ++i) {
      lrs.engine().timer({lrs.engine().next_wakeup()->ms});
      const auto send = std::get<delivery::Send>(lrs.engine().next_action().value());
      BOOST_TEST(send.probe);
      lrs.requests.push_back(send.keys);
      lrs.engine().outcome(send.batch, status(code),
                           {lrs.engine().next_wakeup().value_or(waypost::Instant{2'000'000'000})});
      while (lrs.engine().next_action()) {
      }
    }
    std::set<Key> probed;
    for (std::size_t i = 1; i < lrs.requests.size(); ++i) {
      BOOST_TEST(lrs.requests[i].size() == 1U);
      probed.insert(lrs.requests[i].front());
    }
    BOOST_TEST(probed.size() == 5U, code);
    BOOST_TEST(lrs.buried.empty());
  }
}

BOOST_AUTO_TEST_CASE(one_statement_with_an_odd_answer_does_not_stop_the_others) {
  // Some LRSs and firewalls answer a bad statement with anything.
  for (const int code : {404, 406, 415, 451}) {
    Lrs lrs(refuses({40}, code));
    lrs.enqueue(1, 100);
    lrs.run();
    BOOST_TEST(lrs.stored.size() == 99U, code);
    BOOST_TEST((lrs.buried.at(40) == BurialReason::Refused));
    BOOST_TEST(!lrs.blocked.has_value());
  }
}

BOOST_AUTO_TEST_CASE(forbidden_everywhere_blocks_after_three) {
  Lrs lrs([](const Keys&) { return status(403); });
  lrs.enqueue(1, 100);
  lrs.run();
  BOOST_TEST((lrs.blocked == BlockCause::Forbidden));
  BOOST_TEST(lrs.buried.empty());
  lrs.answer_by(refuses({7}, 403));
  lrs.run();
  BOOST_TEST(lrs.stored.size() == 99U);
  BOOST_TEST((lrs.buried.at(7) == BurialReason::Forbidden));
  BOOST_TEST(!lrs.blocked.has_value());
}

BOOST_AUTO_TEST_CASE(a_lone_forbidden_statement_is_told_of_and_kept) {
  Lrs lrs(refuses({1}, 403));
  lrs.enqueue(1, 1);
  lrs.run();
  BOOST_TEST((lrs.blocked == BlockCause::Forbidden));
  BOOST_TEST(lrs.buried.empty());
  lrs.enqueue(2, 2);
  lrs.run();
  BOOST_TEST(lrs.stored.contains(2));
  BOOST_TEST((lrs.buried.at(1) == BurialReason::Forbidden));
}

BOOST_AUTO_TEST_CASE(too_large_halves_by_bytes_and_the_cap_is_learned) {
  // 100 entries of 1,000 bytes; no more than 30 at once.
  const auto answer = [](const Keys& keys) { return status(keys.size() > 30 ? 413 : 204); };
  Lrs lrs(answer);
  lrs.enqueue(1, 100);
  lrs.run();
  BOOST_TEST(lrs.stored.size() == 100U);
  BOOST_TEST(lrs.buried.empty());
  BOOST_TEST(lrs.requests.size() == 6U);  // 100, 50, then four of 25
  lrs.enqueue(101, 200);
  lrs.run();
  BOOST_TEST(lrs.requests.size() == 10U);
}

BOOST_AUTO_TEST_CASE(one_statement_too_large_alone_is_buried) {
  Lrs lrs(refuses({13}, 413));
  lrs.enqueue(1, 100);
  lrs.run();
  BOOST_TEST(lrs.stored.size() == 99U);
  BOOST_TEST((lrs.buried.at(13) == BurialReason::TooLarge));
}

BOOST_AUTO_TEST_CASE(where_all_is_too_large_it_is_not_the_statements) {
  Lrs lrs([](const Keys&) { return status(413); });
  lrs.enqueue(1, 100);
  lrs.run();
  BOOST_TEST((lrs.blocked == BlockCause::Suspect));
  BOOST_TEST(lrs.buried.size() < limits::kMassRefusalMin);
}

BOOST_AUTO_TEST_CASE(a_server_error_of_one_is_found_while_others_pass) {
  Lrs lrs(refuses({50}, 500));
  lrs.enqueue(1, 100);
  lrs.enqueue(101, 200);
  lrs.run();
  BOOST_TEST(lrs.stored.size() == 199U);
  BOOST_TEST((lrs.buried.at(50) == BurialReason::ServerError));
  BOOST_TEST(!lrs.outage);
  const auto alone = std::count(lrs.requests.begin(), lrs.requests.end(), Keys{50});
  BOOST_TEST(alone == static_cast<std::ptrdiff_t>(limits::kAloneFailuresMax));
}

BOOST_AUTO_TEST_CASE(a_server_error_at_the_head_of_the_only_lane_is_found_too) {
  Lrs lrs(refuses({1}, 500));
  lrs.enqueue(1, 20, "one");
  lrs.run();
  BOOST_TEST(lrs.stored.size() == 19U);
  BOOST_TEST((lrs.buried.at(1) == BurialReason::ServerError));
}

BOOST_AUTO_TEST_CASE(server_errors_for_all_are_an_outage_and_bury_nothing) {
  for (const int code : {500, 502, 503, 504, 507, 408, 425}) {
    Lrs lrs([=](const Keys&) { return status(code); });
    lrs.enqueue(1, 100);
    lrs.run(7);
    BOOST_TEST(lrs.outage, code);
    BOOST_TEST(lrs.buried.empty());
    BOOST_TEST(lrs.waiting().size() == 100U);
    lrs.answer_by(refuses({}));
    lrs.run();
    BOOST_TEST(lrs.stored.size() == 100U);
    BOOST_TEST(!lrs.outage);
  }
}

BOOST_AUTO_TEST_CASE(an_outage_in_the_midst_of_isolation_is_an_outage) {
  // The first batch is under suspicion, because the second passes; then nothing does.
  int passed = 0;
  const auto well = refuses({50}, 500);
  Lrs lrs([&](const Keys& keys) {
    if (passed > 0) return status(503);
    const auto outcome = well(keys);
    if (outcome.status == 204) ++passed;
    return outcome;
  });
  lrs.enqueue(1, 200);
  lrs.run(7);
  BOOST_TEST(passed == 1);
  BOOST_TEST(lrs.outage);
  BOOST_TEST(lrs.buried.empty());
  lrs.answer_by(refuses({}));
  lrs.run();
  BOOST_TEST(lrs.stored.size() == 200U);
}

BOOST_AUTO_TEST_CASE(one_that_times_out_never_is_buried_and_holds_only_its_lane) {
  Lrs lrs([](const Keys& keys) {
    const bool has_bad = std::find(keys.begin(), keys.end(), 3) != keys.end();
    return has_bad ? failure(delivery::Failure::Timeout) : status(204);
  });
  lrs.enqueue(1, 3);
  lrs.enqueue(4, 4, "3");  // the same lane as entry 3
  lrs.enqueue(5, 300);
  lrs.run();
  BOOST_TEST(lrs.stored.size() == 298U);
  BOOST_TEST(lrs.buried.empty());
  BOOST_TEST(lrs.waiting() == (std::set<Key>{3, 4}), boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(a_conflict_is_looked_up_when_it_is_alone) {
  const std::map<Found, std::optional<BurialReason>> cases{
      {Found::Equal, std::nullopt},
      {Found::Unreadable, std::nullopt},
      {Found::Different, BurialReason::Conflict},
      {Found::Absent, BurialReason::Unresolved}};
  for (const auto& [found, reason] : cases) {
    Lrs lrs(refuses({30}, 409));
    lrs.find = [answer = found](Key) { return answer; };
    lrs.enqueue(1, 100);
    lrs.run();
    BOOST_TEST(lrs.stored.size() == 99U);
    const std::size_t asked = found == Found::Absent ? limits::kAbsencesMax : 1;
    BOOST_TEST(lrs.looked_up == Keys(asked, 30));
    if (reason) {
      BOOST_TEST((lrs.buried.at(30) == *reason));
    } else {
      BOOST_TEST(lrs.already_there.at(30) == (found == Found::Equal));
    }
  }
}

BOOST_AUTO_TEST_CASE(a_batch_whose_answer_got_lost_is_read_back_before_it_is_halved) {
  // ADL's LRS answers 409 to what it has, even when it is the same.
  int request = 0;
  Lrs lrs([&request](const Keys&) {
    return ++request == 1 ? failure(delivery::Failure::Reset) : status(409);
  });
  lrs.find = [](Key) { return Found::Equal; };
  lrs.enqueue(1, 100);
  lrs.run();
  BOOST_TEST(lrs.waiting().empty());
  BOOST_TEST(lrs.already_there.size() == 100U);
  BOOST_TEST(lrs.requests.size() == 2U);
  BOOST_TEST(lrs.looked_up.size() == 100U);
}

BOOST_AUTO_TEST_CASE(what_an_earlier_run_left_may_be_stored_already) {
  delivery::Engine engine({}, 1);
  engine.started({1'000});
  engine.next_action();
  std::vector<delivery::Entry> left(3);
  for (std::size_t i = 0; i < left.size(); ++i) left[i].key = static_cast<Key>(i + 1);
  engine.loaded(left, false, {1'000});
  const auto send = std::get<delivery::Send>(engine.next_action().value());
  engine.outcome(send.batch, status(409), {1'000});
  for (Key key = 1; key <= 3; ++key) {
    const auto asked = std::get<delivery::LookUp>(engine.next_action().value());
    BOOST_TEST(asked.key == key);
    engine.looked_up(asked.request, Found::Equal, {1'000});
    BOOST_TEST(std::get<delivery::AlreadyThere>(engine.next_action().value()).key == key);
  }
  BOOST_TEST(!engine.next_action().has_value());
}

BOOST_AUTO_TEST_CASE(a_probe_that_meets_a_conflict_ends_the_block) {
  Lrs lrs([](const Keys&) { return status(401); });
  lrs.find = [](Key) { return Found::Different; };
  lrs.enqueue(1, 1);
  lrs.answer_by([](const Keys&) { return status(409); });
  lrs.run();
  BOOST_TEST(!lrs.blocked.has_value());
  BOOST_TEST((lrs.buried.at(1) == BurialReason::Conflict));
}

BOOST_AUTO_TEST_CASE(reading_back_ends_with_the_first_that_is_not_there) {
  int request = 0;
  const auto then = refuses({30});
  Lrs lrs([&](const Keys& keys) {
    return ++request == 1 ? failure(delivery::Failure::Timeout) : then(keys);
  });
  lrs.enqueue(1, 100);
  lrs.run();
  BOOST_TEST(lrs.looked_up == Keys{1});
  BOOST_TEST(lrs.stored.size() == 99U);
  BOOST_TEST(lrs.buried.size() == 1U);
}

BOOST_AUTO_TEST_CASE(slowing_down_spaces_the_batches_and_ends) {
  int request = 0;
  Lrs lrs([&request](const Keys&) { return status(++request <= 3 ? 429 : 204); });
  lrs.enqueue(1, 900);
  lrs.run();
  BOOST_TEST(lrs.stored.size() == 900U);
  BOOST_TEST(!lrs.outage);
}

BOOST_AUTO_TEST_SUITE_END()
