#include <algorithm>
#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <span>
#include <utility>
#include <variant>
#include <vector>

#include <boost/test/unit_test.hpp>

#include "core/delivery_lrs.hpp"
#include "waypost/limits.hpp"

// Which statement of a batch is the reason, whether it is a statement at all, and what it costs to
// find out.
namespace {

namespace delivery = waypost::delivery;
namespace limits = waypost::limits;
using namespace waypost::tests;

std::size_t log2_up(std::size_t count) {
  std::size_t steps = 0;
  while ((std::size_t{1} << steps) < count) ++steps;
  return steps;
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

BOOST_AUTO_TEST_CASE(one_at_the_head_of_all_that_fails_does_not_stop_the_others) {
  for (const int code : {503, 500}) {
    Lrs lrs(refuses({1}, code));
    lrs.enqueue(1, 40);
    lrs.run();
    BOOST_TEST(lrs.stored.size() == 39U);
    const auto passed = std::find_if(lrs.requests.begin(), lrs.requests.end(),
                                     [](const Keys& keys) { return keys.front() != 1; });
    const auto failed = std::distance(lrs.requests.begin(), passed);
    BOOST_TEST(failed <= static_cast<std::ptrdiff_t>(limits::kBreakerFailures + 1));
    BOOST_TEST(lrs.buried.size() == (code == 500 ? 1U : 0U));
  }
}

BOOST_AUTO_TEST_CASE(in_an_outage_another_lane_is_tried_each_time_and_each_in_its_order) {
  Lrs lrs([](const Keys&) { return status(503); });
  for (Key key = 1; key <= 9; key += 3) lrs.enqueue(key, key + 2, std::to_string(key));
  lrs.run();
  const auto tried = std::span(lrs.requests).subspan(limits::kBreakerFailures + 1, 6);
  std::set<Key> heads;
  for (const Keys& keys : tried) {
    BOOST_TEST(keys.size() == 1U);
    heads.insert(keys.front());
  }
  BOOST_TEST(heads == (std::set<Key>{1, 4, 7}), boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(slowing_down_spaces_the_batches_and_ends) {
  int request = 0;
  Lrs lrs([&request](const Keys&) { return status(++request <= 3 ? 429 : 204); });
  lrs.enqueue(1, 900);
  lrs.run();
  BOOST_TEST(lrs.stored.size() == 900U);
  BOOST_TEST(!lrs.outage);
}

// Nobody has answered for what was never sent.
BOOST_AUTO_TEST_CASE(damaged_ones_are_buried_and_end_no_block) {
  Lrs lrs(
      [](const Keys& keys) {
        delivery::Outcome outcome = status(200);
        outcome.extent = delivery::Extent::PerEntry;
        for (const Key key : keys) outcome.results.push_back({key, delivery::EntryAnswer::Damaged});
        return outcome;
      },
      BlockCause::Endpoint);
  lrs.enqueue(1, 3);
  lrs.run();
  BOOST_TEST(lrs.buried_for(BurialReason::Damaged) == 3U);
  BOOST_TEST((lrs.blocked == BlockCause::Endpoint));
  BOOST_TEST(lrs.stored.empty());
}

BOOST_AUTO_TEST_SUITE_END()
