#include <algorithm>
#include <cstdint>
#include <set>
#include <string>
#include <vector>

#include <nlohmann/json.hpp>

#include <boost/test/unit_test.hpp>

#include "proxy/forwarding_fixture.hpp"
#include "proxy/operations/clock.hpp"
#include "proxy/running_lrs.hpp"
#include "waypost/limits.hpp"

// The table of docs/delivery.md, row by row: the store, the forwarder and a real LRS over sockets.
namespace {

using namespace waypost;
using namespace waypost::tests;
using delivery::BlockCause;
using delivery::BurialReason;
using delivery::Condition;
using Json = nlohmann::json;
using Told = Recorder::Told;

std::string fault_for_poison(int status) {
  return Json{{"poison_verb", kPoisonVerb}, {"status", status}, {"body", "no such verb"}}.dump();
}

std::size_t requests_with_statements(const RunningLrs& lrs) {
  const Json requests = lrs.requests();
  return static_cast<std::size_t>(
      std::count_if(requests.begin(), requests.end(),
                    [](const Json& request) { return request.at("method") == "POST"; }));
}

// All that were not poisoned are in the LRS, and the books balance.
void check_good_ones_there(Forwarding& on, const RunningLrs& lrs, std::size_t count) {
  const std::size_t good = count - on.queue.poisoned.size();
  BOOST_TEST(on.await_delivered(good));
  const Json found = lrs.statements(good);
  BOOST_TEST(found.at("count") == good);
  for (const auto& statement : found.at("statements")) {
    BOOST_TEST(statement.at("sent_differently") == 0);
  }
  const relay::Ledger ledger = on.queue.ledger();
  BOOST_TEST(ledger.accepted == static_cast<std::int64_t>(count));
  BOOST_TEST(ledger.imbalance() == 0);
}

bool is_blocked_by(const Told& told, BlockCause cause) {
  return std::any_of(told.reports.begin(), told.reports.end(), [&](const auto& report) {
    return report.condition == Condition::Blocked && report.raised && report.cause == cause;
  });
}

}  // namespace

BOOST_AUTO_TEST_SUITE(verdicts)

BOOST_AUTO_TEST_CASE(bad_ones_of_a_hundred_become_dead_letters_with_the_words_of_the_lrs) {
  for (const auto& [status, reason] :
       {std::pair{400, BurialReason::Refused}, std::pair{422, BurialReason::Refused},
        std::pair{403, BurialReason::Forbidden}, std::pair{413, BurialReason::TooLarge}}) {
    for (const std::set<std::size_t>& bad : {std::set<std::size_t>{57}, {0, 99}}) {
      BOOST_TEST_CONTEXT(status << " for " << bad.size()) {
        const RunningLrs lrs;
        lrs.order_fault(fault_for_poison(status));
        Forwarding on({lrs.url()});
        on.queue.poisoned = bad;
        on.queue.append(0, 100);
        on.start();
        check_good_ones_there(on, lrs, 100);
        BOOST_TEST(on.await_burials(bad.size()));
        for (const relay::Burial& burial : on.recorder.told().burials) {
          BOOST_TEST((burial.reason == reason));
          BOOST_TEST(burial.status == status);
          BOOST_TEST(burial.words == "no such verb");
          BOOST_TEST(burial.attempts >= 2U);
        }
        BOOST_TEST(on.queue.ledger().dead_letters == static_cast<std::int64_t>(bad.size()));
        if (status != 413) BOOST_TEST(requests_with_statements(lrs) <= 2 * bad.size() * 7 + 1);
        BOOST_TEST(!raised(on.recorder.told(), Condition::Outage));
      }
    }
  }
}

BOOST_AUTO_TEST_CASE(half_of_a_hundred_are_found) {
  const RunningLrs lrs;
  lrs.order_fault(fault_for_poison(400));
  Forwarding on({lrs.url()});
  for (std::size_t n = 0; n < 100; n += 2) on.queue.poisoned.insert(n);
  on.queue.append(0, 100);
  on.start();
  check_good_ones_there(on, lrs, 100);
  BOOST_TEST(on.await_burials(50));
}

BOOST_AUTO_TEST_CASE(where_everything_is_refused_it_blocks_and_heals_without_a_hand) {
  const RunningLrs lrs;
  lrs.order_fault(R"({"status": 400})");
  Forwarding on({lrs.url()});
  on.queue.append(0, 100);
  on.start();
  BOOST_TEST(
      on.recorder.await([](const Told& told) { return is_blocked_by(told, BlockCause::Suspect); }));
  const std::size_t buried = limits::kMassRefusalMin - 1;
  BOOST_TEST(on.await_burials(buried));
  lrs.end_fault();
  BOOST_TEST(on.await_delivered(100 - buried));
  BOOST_TEST(on.queue.ledger().dead_letters == static_cast<std::int64_t>(buried));
  BOOST_TEST(cleared(on.recorder.told(), Condition::Blocked));
}

BOOST_AUTO_TEST_CASE(a_human_may_have_all_of_them_buried) {
  const RunningLrs lrs;
  lrs.order_fault(R"({"status": 400})");
  Forwarding on({lrs.url()});
  on.queue.append(0, 40);
  on.start();
  BOOST_TEST(
      on.recorder.await([](const Told& told) { return is_blocked_by(told, BlockCause::Suspect); }));
  on.forwarder->isolate_anyway(on.queue.destination().destination);
  BOOST_TEST(on.await_burials(40));
  BOOST_TEST(on.queue.ledger().waiting == 0);
  BOOST_TEST(on.queue.ledger().imbalance() == 0);
}

BOOST_AUTO_TEST_CASE(a_key_that_may_store_nothing_blocks) {
  const RunningLrs lrs;
  lrs.order_fault(R"({"status": 403})");
  Forwarding on({lrs.url()});
  on.queue.append(0, 100);
  on.start();
  BOOST_TEST(on.recorder.await(
      [](const Told& told) { return is_blocked_by(told, BlockCause::Forbidden); }));
  BOOST_TEST(on.recorder.told().burials.empty());
  lrs.end_fault();
  check_good_ones_there(on, lrs, 100);
}

BOOST_AUTO_TEST_CASE(a_block_outlives_a_restart) {
  const RunningLrs lrs;
  lrs.order_fault(R"({"status": 401})");
  Forwarding on({lrs.url()});
  on.queue.append(0, 20);
  on.start();
  BOOST_TEST(on.recorder.await(
      [](const Told& told) { return is_blocked_by(told, BlockCause::Unauthorized); }));
  on.forwarder->stop();
  const std::size_t before = on.recorder.told().attempts.size();
  on.settings.destinations.front().blocked = BlockCause::Unauthorized;
  on.start();
  BOOST_TEST(on.recorder.await([&](const Told& told) { return told.attempts.size() > before; }));
  BOOST_TEST(on.recorder.told().attempts.at(before).probe);
  lrs.end_fault();
  check_good_ones_there(on, lrs, 20);
}

BOOST_AUTO_TEST_CASE(an_lrs_that_takes_smaller_batches_only_gets_them) {
  const RunningLrs lrs;
  lrs.order_fault(R"({"body_bytes_max": 9000})");
  Forwarding on({lrs.url()});
  on.queue.append(0, 200);
  on.start();
  check_good_ones_there(on, lrs, 200);
  BOOST_TEST(on.recorder.told().burials.empty());
  const auto attempts = on.recorder.told().attempts;
  const auto refused = std::count_if(attempts.begin(), attempts.end(),
                                     [](const auto& one) { return one.status == 413; });
  BOOST_TEST(refused <= 4);  // 100, 50, 25; then it is known
}

BOOST_AUTO_TEST_CASE(one_that_breaks_the_server_is_found_while_others_pass) {
  const RunningLrs lrs;
  lrs.order_fault(fault_for_poison(500));
  Forwarding on({lrs.url()});
  on.queue.poisoned = {150};
  on.queue.append(0, 300);
  on.start();
  check_good_ones_there(on, lrs, 300);
  BOOST_TEST(on.await_burials(1));
  BOOST_TEST((on.recorder.told().burials.front().reason == BurialReason::ServerError));
}

BOOST_AUTO_TEST_CASE(a_server_that_is_broken_for_all_loses_nothing) {
  for (const int status : {500, 502, 503, 504, 408, 425, 429}) {
    const RunningLrs lrs;
    // Each 429 makes the next batch wait longer.
    lrs.order_fault(Json{{"status", status}, {"count", status == 429 ? 2 : 7}}.dump());
    Forwarding on({lrs.url()});
    on.queue.append(0, 100);
    on.start();
    check_good_ones_there(on, lrs, 100);
    BOOST_TEST(on.recorder.told().burials.empty());
    BOOST_TEST(raised(on.recorder.told(), Condition::Outage));
    BOOST_TEST(cleared(on.recorder.told(), Condition::Outage), status);
  }
}

BOOST_AUTO_TEST_CASE(odd_shapes_of_retry_after_do_no_harm) {
  for (const std::string value : {"0", "-5", "soon", "", "Fri, 31 Dec 1999 23:59:59 GMT", "1"}) {
    const RunningLrs lrs;
    lrs.order_fault(Json{{"status", 429}, {"retry_after", value}, {"count", 1}}.dump());
    Forwarding on({lrs.url()});
    on.queue.append(0, 5);
    on.start();
    check_good_ones_there(on, lrs, 5);
  }
}

BOOST_AUTO_TEST_CASE(a_retry_after_without_end_is_an_hour) {
  const RunningLrs lrs;
  lrs.order_fault(R"({"status": 503, "retry_after": "1000000000000", "count": 1})");
  Forwarding on({lrs.url()});
  on.queue.append(0, 5);
  on.start();
  BOOST_TEST(on.recorder.await([](const Told& told) { return raised(told, Condition::Outage); }));
  on.forwarder->stop();
  const auto waiting = on.queue.waiting();
  BOOST_REQUIRE(!waiting.empty());
  const Duration left = waiting.front().next_at - relay::system_now();
  BOOST_TEST(left.ms <= limits::kRetryAfterMaxMs);
  BOOST_TEST(left.ms > limits::kRetryAfterMaxMs / 2);
}

BOOST_AUTO_TEST_CASE(a_batch_that_was_stored_before_its_answer_got_lost_is_read_back) {
  // Such an LRS answers 409 to what it has, even when it is the same.
  const RunningLrs lrs;
  lrs.order_fault(R"({"reset": "after", "count": 1})");
  Forwarding on({lrs.url()});
  on.queue.append(0, 30);
  on.start();
  BOOST_TEST(lrs.statements(30).at("count") == 30);
  lrs.order_fault(R"({"status": 409, "method": "POST"})");
  on.recorder.await([](const Told& told) {
    return std::any_of(told.attempts.begin(), told.attempts.end(),
                       [](const auto& one) { return one.status == 409; });
  });
  BOOST_TEST(
      on.queue.await_ledger([](const relay::Ledger& ledger) { return ledger.waiting == 0; }));
  BOOST_TEST(on.queue.ledger().already_there + on.queue.ledger().delivered == 30);
  BOOST_TEST(on.recorder.told().burials.empty());
}

BOOST_AUTO_TEST_CASE(another_statement_with_the_id_is_a_conflict) {
  const RunningLrs lrs;
  std::string other = statement_text(statement_id(7));
  other.replace(other.find("quiz/1"), 6, "quiz/2");
  BOOST_TEST(lrs.xapi("POST", "statements", other).status == 200U);
  Forwarding on({lrs.url()});
  on.queue.append(0, 20);
  on.start();
  BOOST_TEST(on.await_delivered(19));
  BOOST_TEST(on.await_burials(1));
  BOOST_TEST((on.recorder.told().burials.front().reason == BurialReason::Conflict));
  BOOST_TEST(on.queue.ledger().imbalance() == 0);
}

BOOST_AUTO_TEST_CASE(a_conflict_that_cannot_be_found_is_given_up_after_a_while) {
  const RunningLrs lrs;
  lrs.order_fault(fault_for_poison(409));
  Forwarding on({lrs.url()});
  on.queue.poisoned = {3};
  on.queue.append(0, 20);
  on.start();
  check_good_ones_there(on, lrs, 20);
  BOOST_TEST(on.await_burials(1));
  BOOST_TEST((on.recorder.told().burials.front().reason == BurialReason::Unresolved));
}

BOOST_AUTO_TEST_SUITE_END()
