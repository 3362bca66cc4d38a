#include <algorithm>
#include <cstdint>
#include <optional>
#include <variant>

#include "delivery_bench.hpp"

namespace delivery = waypost::delivery;
namespace limits = waypost::limits;
using delivery::Condition;
using delivery::EntryAnswer;
using delivery::Failure;
using delivery::Hop;
using delivery::Key;
using waypost::Duration;
using waypost::tests::Bench;
using waypost::tests::entry;
using waypost::tests::Keys;
using waypost::tests::per_entry;
using waypost::tests::settings_for;
using waypost::tests::status;
using waypost::tests::stored;

BOOST_AUTO_TEST_SUITE(delivery_engine)

BOOST_AUTO_TEST_CASE(an_entry_waits_for_the_interval_and_leaves_when_stored) {
  Bench bench;
  BOOST_TEST(!bench.engine.next_wakeup().has_value());
  bench.enqueue(1, 2);
  BOOST_TEST(bench.idle());
  BOOST_TEST(bench.wait() == 10'000);
  BOOST_TEST(bench.deliver() == (Keys{1, 2}));
  BOOST_TEST(bench.idle());
  BOOST_TEST(!bench.engine.next_wakeup().has_value());
}

BOOST_AUTO_TEST_CASE(enough_entries_or_a_flush_do_not_wait) {
  Bench bench;
  bench.enqueue(1, 5);
  BOOST_TEST(bench.deliver() == (Keys{1, 2, 3, 4, 5}));
  bench.enqueue(6, 6);
  BOOST_TEST(bench.idle());
  bench.engine.flush({bench.now_ms});
  BOOST_TEST(bench.deliver() == Keys{6});
}

BOOST_AUTO_TEST_CASE(an_entry_told_of_twice_is_one_entry) {
  Bench bench;
  bench.enqueue(1, 2);
  bench.enqueue(1, 2);
  bench.engine.flush({bench.now_ms});
  BOOST_TEST(bench.deliver() == (Keys{1, 2}));
}

BOOST_AUTO_TEST_CASE(one_batch_is_in_flight_at_a_time) {
  Bench bench;
  bench.enqueue(1, 5);
  const auto send = bench.take<delivery::Send>();
  bench.enqueue(6, 30);
  BOOST_TEST(bench.idle());
  BOOST_TEST(!bench.engine.next_wakeup().has_value());
  bench.answer(send, stored());
  bench.take<delivery::Remove>();
  BOOST_TEST(bench.take<delivery::Send>().keys.size() == 10U);
}

BOOST_AUTO_TEST_CASE(a_wait_of_an_earlier_run_is_kept_but_never_beyond_what_is_legal) {
  delivery::Engine engine(settings_for(Hop::Lrs), 1);
  engine.started({1'000});
  engine.next_action();
  engine.loaded({entry(1, "a", 31'000), entry(2, "b", 99'000'000'000)}, false, {1'000});
  BOOST_TEST(!engine.next_action().has_value());
  BOOST_TEST(engine.next_wakeup()->ms == 31'000);
  engine.timer({31'000});
  const auto send = std::get<delivery::Send>(engine.next_action().value());
  BOOST_TEST(send.keys == Keys{1});
  engine.outcome(send.batch, stored(), {31'000});
  BOOST_TEST(engine.next_wakeup()->ms == 1'000 + limits::kRetryAfterMaxMs);
}

BOOST_AUTO_TEST_CASE(an_outage_defers_retries_the_same_then_one_and_is_reported_once_each_way) {
  Bench bench;
  bench.enqueue(1, 5);
  for (int failure = 0; failure < 12; ++failure) {
    const auto send = bench.answer(bench.take<delivery::Send>(), status(503));
    const bool is_probing = failure >= static_cast<int>(limits::kBreakerFailures);
    BOOST_TEST(send.keys == (is_probing ? Keys{1} : Keys{1, 2, 3, 4, 5}));
    const auto defer = bench.take<delivery::Defer>();
    BOOST_TEST(defer.keys == send.keys);
    BOOST_TEST(defer.until.ms == bench.engine.next_wakeup()->ms);
    BOOST_TEST(defer.until.ms - bench.now_ms <= limits::kBackoffMaxMs);
    if (failure == 0) bench.expect_report(Condition::Outage, true);
    BOOST_TEST(bench.idle());
    bench.wait();
  }
  BOOST_TEST(bench.deliver() == Keys{1});
  bench.expect_report(Condition::Outage, false);
  BOOST_TEST(bench.deliver() == (Keys{2, 3}));
  BOOST_TEST(bench.deliver() == (Keys{4, 5}));
  BOOST_TEST(bench.idle());
}

BOOST_AUTO_TEST_CASE(a_new_outage_begins_with_short_waits_again) {
  Bench bench;
  std::int64_t longest_ms = 0;
  for (Key key = 1; key <= 30; ++key) {
    bench.enqueue(key, key);
    bench.engine.flush({bench.now_ms});
    bench.answer(bench.take<delivery::Send>(), status(503));
    while (!bench.idle()) {
    }
    longest_ms = std::max(longest_ms, bench.wait());
    bench.deliver();
    bench.expect_report(Condition::Outage, false);
  }
  BOOST_TEST(longest_ms <= limits::kRelayBackoffBaseMs);
}

BOOST_AUTO_TEST_CASE(a_newcomer_does_not_wait_for_an_entry_that_is_deferred) {
  Bench bench(Hop::Relay);
  bench.engine.loaded({entry(1, "a", bench.now_ms + 300'000)}, false, {bench.now_ms});
  bench.enqueue(2, 2, "b");
  BOOST_TEST(bench.wait() == 10'000);
  BOOST_TEST(bench.take<delivery::Send>().keys == Keys{2});
}

BOOST_AUTO_TEST_CASE(an_outage_holds_all_sending_until_its_retry) {
  Bench bench;
  bench.enqueue(1, 5);
  bench.answer(bench.take<delivery::Send>(), status(429, Duration{60'000}));
  bench.take<delivery::Defer>();
  bench.expect_report(Condition::Outage, true);
  bench.enqueue(6, 20, "other");
  bench.engine.flush({bench.now_ms});
  BOOST_TEST(bench.idle());
  BOOST_TEST(bench.engine.next_wakeup()->ms == bench.now_ms + 60'000);
}

BOOST_AUTO_TEST_CASE(attempts_of_an_earlier_run_lengthen_the_first_backoff) {
  std::int64_t longest_ms = 0;
  for (std::uint64_t seed = 1; seed <= 20; ++seed) {
    delivery::Engine engine(settings_for(Hop::Lrs), seed);
    engine.started({0});
    engine.next_action();
    auto old = entry(1);
    old.attempts = 20;
    engine.loaded({old}, false, {0});
    const auto send = std::get<delivery::Send>(engine.next_action().value());
    engine.outcome(send.batch, status(500), {0});
    longest_ms = std::max(longest_ms, engine.next_wakeup()->ms);
  }
  BOOST_TEST(longest_ms > 60'000);
}

BOOST_AUTO_TEST_CASE(online_shortens_a_backoff_but_not_what_the_next_hop_asked_for) {
  Bench bench;
  bench.enqueue(1, 5);
  for (int failure = 0; failure < 10; ++failure) {
    bench.answer(bench.take<delivery::Send>(), status(502));
    while (!bench.idle()) {
    }
    if (failure < 9) bench.wait();
  }
  bench.engine.online({bench.now_ms});
  BOOST_TEST(bench.wait() <= limits::kOnlineRetryWithinMs);
  bench.answer(bench.take<delivery::Send>(), status(429, Duration{600'000}));
  bench.take<delivery::Defer>();
  bench.engine.online({bench.now_ms});
  BOOST_TEST(bench.wait() == 600'000);
}

BOOST_AUTO_TEST_CASE(online_at_the_start_shortens_waits_that_are_loaded_after_it) {
  delivery::Engine engine(settings_for(Hop::Relay), 1);
  engine.started({1'000});
  engine.online({1'000});
  engine.next_action();
  engine.loaded({entry(1, "a", 300'000)}, false, {1'000});
  BOOST_TEST(engine.next_wakeup()->ms <= 1'000 + limits::kOnlineRetryWithinMs);
}

BOOST_AUTO_TEST_CASE(a_block_keeps_all_and_probes_slowly_with_one_entry_at_a_time) {
  Bench bench;
  bench.enqueue(1, 2, "a");
  bench.enqueue(3, 4, "b");
  bench.enqueue(5, 5, "c");
  bench.answer(bench.take<delivery::Send>(), status(401));
  bench.expect_report(Condition::Blocked, true);
  BOOST_TEST(bench.idle());
  Keys probed;
  for (int i = 0; i < 6; ++i) {
    bench.engine.flush({bench.now_ms});
    BOOST_TEST(bench.idle());
    BOOST_TEST(bench.wait() >= 5'000);
    const auto probe = bench.answer(bench.take<delivery::Send>(), status(401));
    BOOST_TEST(probe.probe);
    BOOST_REQUIRE(probe.keys.size() == 1U);
    probed.push_back(probe.keys.front());
    BOOST_TEST(bench.idle());
  }
  BOOST_TEST(probed == (Keys{1, 3, 5, 2, 4, 1}));
}

BOOST_AUTO_TEST_CASE(a_stored_probe_lifts_the_block_and_batches_grow_again) {
  Bench bench;
  bench.enqueue(1, 5);
  const auto refused = bench.take<delivery::Send>();
  bench.enqueue(6, 30);
  bench.answer(refused, status(404));
  bench.expect_report(Condition::Blocked, true);
  bench.wait();
  BOOST_TEST(bench.deliver().size() == 1U);
  bench.expect_report(Condition::Blocked, false);
  for (const std::size_t size : {2U, 2U, 8U, 10U, 7U}) BOOST_TEST(bench.deliver().size() == size);
  BOOST_TEST(bench.idle());
}

BOOST_AUTO_TEST_CASE(a_change_of_settings_is_tried_at_once) {
  Bench bench;
  bench.enqueue(1, 5);
  bench.answer(bench.take<delivery::Send>(), status(401));
  bench.expect_report(Condition::Blocked, true);
  bench.engine.settings_changed(settings_for(Hop::Lrs), {bench.now_ms});
  BOOST_TEST(bench.deliver().size() == 1U);
  bench.expect_report(Condition::Blocked, false);
}

BOOST_AUTO_TEST_CASE(a_shorter_interval_counts_for_what_waits_already) {
  Bench bench;
  bench.enqueue(1, 1);
  bench.now_ms += 3'000;
  auto settings = settings_for(Hop::Lrs);
  settings.interval = {2'000};
  bench.engine.settings_changed(settings, {bench.now_ms});
  BOOST_TEST(bench.deliver() == Keys{1});
}

BOOST_AUTO_TEST_CASE(an_outage_ends_where_a_block_begins_and_the_other_way_round) {
  Bench bench;
  bench.enqueue(1, 5);
  bench.answer(bench.take<delivery::Send>(), status(503));
  bench.take<delivery::Defer>();
  bench.expect_report(Condition::Outage, true);
  bench.wait();
  bench.answer(bench.take<delivery::Send>(), status(404));
  bench.expect_report(Condition::Outage, false);
  bench.expect_report(Condition::Blocked, true);
  bench.wait();
  bench.answer(bench.take<delivery::Send>(), status(503));
  bench.take<delivery::Defer>();
  bench.expect_report(Condition::Outage, true);
  BOOST_TEST(bench.wait() >= 5'000);
  BOOST_TEST(bench.deliver().size() == 1U);
  bench.expect_report(Condition::Outage, false);
  bench.expect_report(Condition::Blocked, false);
}

BOOST_AUTO_TEST_CASE(a_relay_answers_for_each_entry) {
  Bench bench(Hop::Relay);
  for (Key key = 1; key <= 5; ++key) bench.enqueue(key, key, std::to_string(key));
  bench.answer(bench.take<delivery::Send>(), per_entry({{4, EntryAnswer::Refused},
                                                        {2, EntryAnswer::Kept},
                                                        {1, EntryAnswer::Stored},
                                                        {4, EntryAnswer::Refused},
                                                        {99, EntryAnswer::Stored}}));
  BOOST_TEST(bench.take<delivery::Remove>().keys == (Keys{1, 2}));
  BOOST_TEST(bench.take<delivery::Bury>().key == 4);
  BOOST_TEST(bench.take<delivery::Defer>().keys == Keys{3});
  BOOST_TEST(bench.take<delivery::Defer>().keys == Keys{5});
  BOOST_TEST(bench.idle());
  bench.wait();
  BOOST_TEST(bench.take<delivery::Send>().keys.size() >= 1U);
}

BOOST_AUTO_TEST_CASE(a_relay_that_lists_nothing_that_was_sent_is_an_outage) {
  Bench bench(Hop::Relay);
  bench.enqueue(1, 5);
  bench.answer(bench.take<delivery::Send>(), per_entry({{99, EntryAnswer::Stored}}));
  BOOST_TEST(bench.take<delivery::Defer>().keys.size() == 5U);
  bench.expect_report(Condition::Outage, true);
}

BOOST_AUTO_TEST_CASE(a_relay_may_ask_for_a_pause_in_a_good_answer) {
  Bench bench(Hop::Relay);
  bench.enqueue(1, 5);
  const auto send = bench.take<delivery::Send>();
  bench.enqueue(6, 20);
  auto outcome = per_entry({});
  for (const Key key : send.keys) outcome.results.push_back({key, EntryAnswer::Stored});
  outcome.retry_after = Duration{7'000};
  bench.answer(send, outcome);
  bench.take<delivery::Remove>();
  BOOST_TEST(bench.idle());
  BOOST_TEST(bench.wait() == 7'000);
}

BOOST_AUTO_TEST_CASE(outcomes_of_unknown_batches_are_ignored) {
  Bench bench;
  bench.enqueue(1, 5);
  const auto send = bench.take<delivery::Send>();
  bench.engine.outcome(send.batch + 1, stored(), {bench.now_ms});
  BOOST_TEST(bench.idle());
  bench.answer(send, stored());
  bench.take<delivery::Remove>();
  bench.answer(send, stored());
  BOOST_TEST(bench.idle());
}

BOOST_AUTO_TEST_CASE(a_clock_set_back_lengthens_no_wait) {
  Bench bench;
  bench.enqueue(1, 1);
  bench.now_ms -= 900'000;
  bench.engine.timer({bench.now_ms});
  BOOST_TEST(bench.engine.next_wakeup()->ms == bench.now_ms + 10'000);
}

BOOST_AUTO_TEST_CASE(stopping_sends_no_more_but_still_settles) {
  Bench bench;
  bench.enqueue(1, 5);
  const auto send = bench.take<delivery::Send>();
  bench.enqueue(6, 20);
  bench.engine.stopping({bench.now_ms});
  bench.answer(send, stored());
  BOOST_TEST(bench.take<delivery::Remove>().keys == send.keys);
  BOOST_TEST(bench.idle());
  BOOST_TEST(!bench.engine.next_wakeup().has_value());
}

BOOST_AUTO_TEST_SUITE_END()
