#include "proxy/forwarder/forwarder.hpp"

#include <algorithm>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include <boost/test/unit_test.hpp>

#include "proxy/forwarding_fixture.hpp"
#include "proxy/running_lrs.hpp"
#include "waypost/limits.hpp"

namespace {

using namespace waypost;
using namespace waypost::tests;
using delivery::Condition;
using delivery::Failure;
using relay::Forwarder;

using Told = Recorder::Told;

// Everything is in the LRS, once and with its bytes, and nothing waits.
void check_all_there(Forwarding& on, const RunningLrs& lrs, std::size_t count, std::size_t n = 0) {
  const auto found = lrs.statements(count);
  BOOST_TEST(found.at("count") == count);
  std::vector<std::string> texts;
  for (const auto& statement : found.at("statements")) {
    texts.push_back(statement.at("text"));
    BOOST_TEST(statement.at("sent_differently") == 0);
  }
  std::sort(texts.begin(), texts.end());
  std::vector<std::string> expected;
  for (std::size_t i = 0; i < count; ++i) expected.push_back(statement_text(statement_id(i)));
  std::sort(expected.begin(), expected.end());
  BOOST_TEST(texts == expected, boost::test_tools::per_element());
  const relay::Ledger ledger = on.queue.ledger(n);
  BOOST_TEST(ledger.delivered == static_cast<std::int64_t>(count));
  BOOST_TEST(ledger.waiting == 0);
  BOOST_TEST(ledger.imbalance() == 0);
}

std::size_t times_sent(const RunningLrs& lrs, std::size_t statement) {
  const auto statements = lrs.statements().at("statements");
  for (const auto& found : statements) {
    if (found.at("id") == statement_id(statement)) return found.at("sent");
  }
  return 0;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(forwarder)

BOOST_AUTO_TEST_CASE(delivers_once_with_the_bytes_that_were_committed) {
  const RunningLrs lrs;
  Forwarding on({lrs.url()});
  on.start();
  for (std::size_t first = 0; first < 200; first += 20) on.commit(first, 20);
  BOOST_TEST(on.await_delivered(200));
  check_all_there(on, lrs, 200);
  for (const std::size_t n : {0, 99, 199}) BOOST_TEST(times_sent(lrs, n) == 1U);
}

BOOST_AUTO_TEST_CASE(delivers_what_an_earlier_run_left) {
  const RunningLrs lrs;
  Forwarding on({lrs.url()});
  on.queue.append(0, 150);
  on.start();
  on.commit(150, 50);
  BOOST_TEST(on.await_delivered(200));
  check_all_there(on, lrs, 200);
}

BOOST_AUTO_TEST_CASE(reads_back_bodies_that_it_is_not_given) {
  const RunningLrs lrs;
  Forwarding on({lrs.url()});
  on.start();
  auto entries = on.queue.append(0, 10);
  for (std::size_t i = 0; i < entries.size(); i += 2) entries[i].body.clear();
  on.forwarder->entries_committed(on.queue.destination().organisation, std::move(entries));
  BOOST_TEST(on.await_delivered(10));
  check_all_there(on, lrs, 10);
}

BOOST_AUTO_TEST_CASE(tries_again_until_the_lrs_is_well) {
  const RunningLrs lrs;
  lrs.order_fault(R"({"status": 503, "retry_after": "0", "count": 3})");
  Forwarding on({lrs.url()});
  on.start();
  on.commit(0, 5);
  BOOST_TEST(on.await_delivered(5));
  check_all_there(on, lrs, 5);
  const Told told = on.recorder.told();
  BOOST_TEST(raised(told, Condition::Outage));
  BOOST_TEST(cleared(told, Condition::Outage));
  BOOST_TEST(told.attempts.at(2).status == 503);
}

BOOST_AUTO_TEST_CASE(a_reset_before_storing_costs_nothing) {
  const RunningLrs lrs;
  lrs.order_fault(R"({"reset": "before", "count": 2})");
  Forwarding on({lrs.url()});
  on.start();
  on.commit(0, 5);
  BOOST_TEST(on.await_delivered(5));
  check_all_there(on, lrs, 5);
  BOOST_TEST((on.recorder.told().attempts.front().failure == Failure::Reset));
  BOOST_TEST(times_sent(lrs, 0) == 1U);
}

BOOST_AUTO_TEST_CASE(a_reset_after_storing_repeats_the_same_bytes) {
  const RunningLrs lrs;
  lrs.order_fault(R"({"reset": "after", "count": 1})");
  Forwarding on({lrs.url()});
  on.start();
  on.commit(0, 5);
  BOOST_TEST(on.await_delivered(5));
  check_all_there(on, lrs, 5);
  BOOST_TEST(times_sent(lrs, 0) == 2U);
}

BOOST_AUTO_TEST_CASE(an_lrs_that_answers_too_late_has_it_once) {
  const RunningLrs lrs;
  lrs.order_fault(R"({"delay_ms": 600000, "count": 1})");
  Forwarding on({lrs.url()});
  on.settings.lrs_client.total_timeout = {300};
  on.start();
  on.commit(0, 5);
  BOOST_TEST(on.await_delivered(5));
  check_all_there(on, lrs, 5);
  BOOST_TEST((on.recorder.told().attempts.front().failure == Failure::Timeout));
}

BOOST_AUTO_TEST_CASE(an_lrs_that_was_not_listening_gets_it_later) {
  std::uint16_t port = 0;
  {
    const RunningLrs gone;
    port = gone.port();
  }
  Forwarding on({"http://127.0.0.1:" + std::to_string(port) + "/xapi/"});
  on.start();
  on.commit(0, 5);
  BOOST_TEST(on.recorder.await([](const Told& told) { return told.attempts.size() >= 2; }));
  BOOST_TEST((on.recorder.told().attempts.front().failure == Failure::Refused));
  practice::Options same_place;
  same_place.port = port;
  const RunningLrs lrs(same_place);
  BOOST_TEST(on.await_delivered(5));
  check_all_there(on, lrs, 5);
}

BOOST_AUTO_TEST_CASE(what_is_no_lrs_keeps_everything_here_until_it_is_mended) {
  const RunningLrs elsewhere;
  for (const std::string fault :
       {std::string(R"({"status": 200, "content_type": "text/html", "body": "<p>log in</p>"})"),
        nlohmann::json{{"status", 200},
                       {"content_type", "application/json"},
                       {"body", "[\"" + statement_id(77) + "\"]"}}
            .dump(),
        nlohmann::json{{"status", 302}, {"location", elsewhere.url() + "statements"}}.dump(),
        std::string(R"({"status": 401})"), std::string(R"({"status": 404})")}) {
    BOOST_TEST_CONTEXT(fault) {
      const RunningLrs lrs;
      lrs.order_fault(fault);
      Forwarding on({lrs.url()});
      on.start();
      on.commit(0, 20);
      // Probes go on while it is blocked, and nothing else.
      BOOST_TEST(on.recorder.await([](const Told& told) {
        return raised(told, Condition::Blocked) && told.attempts.size() >= 4;
      }));
      BOOST_TEST(on.recorder.told().attempts.at(3).probe);
      BOOST_TEST(on.recorder.told().attempts.at(3).statements == 1U);
      BOOST_TEST(on.queue.ledger().waiting == 20);
      lrs.end_fault();
      BOOST_TEST(on.await_delivered(20));
      check_all_there(on, lrs, 20);
      BOOST_TEST(cleared(on.recorder.told(), Condition::Blocked));
    }
  }
  BOOST_TEST(elsewhere.requests().empty());
}

BOOST_AUTO_TEST_CASE(a_wrong_secret_blocks_and_keeps_all_until_the_right_one_comes) {
  const RunningLrs lrs;
  Forwarding on({lrs.url()});
  on.settings.destinations.front().endpoint.api_secret = relay::Secret("old secret");
  on.start();
  on.commit(0, 5);
  BOOST_TEST(on.recorder.await([](const Told& told) { return raised(told, Condition::Blocked); }));
  BOOST_TEST(on.recorder.told().reports.front().status == 401);
  on.forwarder->stop();
  BOOST_TEST(on.queue.ledger().waiting == 5);
  on.settings.destinations.front().endpoint.api_secret = relay::Secret("practice-secret");
  on.start();
  BOOST_TEST(on.await_delivered(5));
  check_all_there(on, lrs, 5);
}

BOOST_AUTO_TEST_CASE(a_destination_that_does_not_answer_slows_no_other) {
  const RunningLrs dead;
  dead.order_fault(R"({"delay_ms": 600000})");
  const RunningLrs well;
  Forwarding on({dead.url(), well.url()});
  on.settings.stop_wait_max = {0};
  on.start();
  for (std::size_t first = 0; first < 300; first += 100) on.commit(first, 100);
  BOOST_TEST(on.await_delivered(300, 1));
  check_all_there(on, well, 300, 1);
  BOOST_TEST(on.queue.ledger(0).waiting == 300);
}

BOOST_AUTO_TEST_CASE(more_waits_than_fits_its_memory) {
  const RunningLrs lrs;
  Forwarding on({lrs.url()});
  constexpr std::size_t kCount = 2 * limits::kEngineWindowMax + 100;
  on.queue.append(0, kCount / 2);
  on.start();
  on.commit(kCount / 2, kCount / 2);
  BOOST_TEST(on.await_delivered(kCount));
  check_all_there(on, lrs, kCount);
}

BOOST_AUTO_TEST_CASE(stopping_waits_for_the_answer_and_writes_it_down) {
  const RunningLrs lrs;
  lrs.order_fault(R"({"delay_ms": 300})");
  Forwarding on({lrs.url()});
  on.start();
  on.commit(0, 5);
  lrs.statements(5);  // the request is there, its answer is not
  on.forwarder->stop();
  check_all_there(on, lrs, 5);
}

BOOST_AUTO_TEST_CASE(stopping_does_not_wait_for_ever_and_loses_nothing) {
  const RunningLrs lrs;
  lrs.order_fault(R"({"delay_ms": 600000, "count": 1})");
  Forwarding on({lrs.url()});
  on.settings.stop_wait_max = {50};
  on.start();
  on.commit(0, 5);
  lrs.statements(5);
  on.forwarder->stop();
  BOOST_TEST(on.queue.ledger().waiting == 5);
  on.start();
  BOOST_TEST(on.await_delivered(5));
  check_all_there(on, lrs, 5);
}

BOOST_AUTO_TEST_CASE(a_row_that_cannot_be_read_costs_only_itself) {
  const RunningLrs lrs;
  Forwarding on({lrs.url()});
  on.queue.faults().unreadable_key = on.queue.append(0, 10).at(3).key;
  on.start();
  BOOST_TEST(on.await_delivered(9));
  BOOST_TEST(on.queue.ledger().waiting == 1);
  BOOST_TEST(!on.recorder.told().troubles.empty());
  on.commit(10, 10);
  BOOST_TEST(on.await_delivered(19));
  on.queue.faults().unreadable_key = 0;
  BOOST_TEST(on.await_delivered(20));
  check_all_there(on, lrs, 20);
}

BOOST_AUTO_TEST_CASE(a_damaged_body_is_a_dead_letter_and_never_sent) {
  const RunningLrs lrs;
  Forwarding on({lrs.url()});
  on.queue.faults().damaged_key = on.queue.append(0, 10).at(3).key;
  on.start();
  BOOST_TEST(on.await_delivered(9));
  BOOST_TEST(on.recorder.await([](const Told& told) { return !told.burials.empty(); }));
  const relay::Burial burial = on.recorder.told().burials.front();
  BOOST_TEST((burial.reason == delivery::BurialReason::Damaged));
  BOOST_TEST(burial.words == "a bit has flipped");
  BOOST_TEST(on.queue.ledger().waiting == 0);
  BOOST_TEST(on.queue.ledger().dead_letters == 1);
  BOOST_TEST(lrs.statements(9)["statements"].size() == 9U);
}

BOOST_AUTO_TEST_CASE(a_queue_that_cannot_be_read_is_read_later) {
  const RunningLrs lrs;
  Forwarding on({lrs.url()});
  on.queue.append(0, 10);
  on.queue.faults().loads_fail = true;
  on.start();
  BOOST_TEST(on.recorder.await([](const Told& told) { return !told.troubles.empty(); }));
  on.queue.faults().loads_fail = false;
  BOOST_TEST(on.await_delivered(10));
  check_all_there(on, lrs, 10);
}

BOOST_AUTO_TEST_CASE(a_settlement_that_fails_is_repeated) {
  const RunningLrs lrs;
  Forwarding on({lrs.url()});
  on.queue.faults().settlements_to_fail = 1;
  on.start();
  on.commit(0, 5);
  BOOST_TEST(on.await_delivered(5));
  check_all_there(on, lrs, 5);
  BOOST_TEST(times_sent(lrs, 0) == 1U);
}

BOOST_AUTO_TEST_CASE(of_two_relays_one_sends_and_the_other_takes_over) {
  const RunningLrs lrs;
  Forwarding on({lrs.url()});
  on.settings.lease = {300};
  on.start();
  on.commit(0, 5);
  BOOST_TEST(on.await_delivered(5));
  Recorder second_recorder;
  relay::ForwarderSettings second_settings = on.settings;
  second_settings.lease_owner = "another relay";
  Forwarder second(second_settings, on.queue.commits(), second_recorder);
  second.start();
  BOOST_TEST(second_recorder.await([](const Told& told) { return !told.troubles.empty(); }));
  const auto entries = on.queue.append(5, 5);
  second.entries_committed(on.queue.destination().organisation, entries);
  on.forwarder->entries_committed(on.queue.destination().organisation, entries);
  BOOST_TEST(on.await_delivered(10));
  BOOST_TEST(second_recorder.told().attempts.empty());
  on.forwarder->stop();
  second.entries_committed(on.queue.destination().organisation, on.queue.append(10, 5));
  BOOST_TEST(second_recorder.await_delivered(on.queue.destination().destination, 5));
  check_all_there(on, lrs, 15);
  BOOST_TEST(times_sent(lrs, 7) == 1U);
}

BOOST_AUTO_TEST_SUITE_END()
