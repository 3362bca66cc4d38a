#pragma once

#include "harness.hpp"

namespace waypost::relay::contract {

BOOST_AUTO_TEST_SUITE(store_settlement)

BOOST_AUTO_TEST_CASE_TEMPLATE(settles_in_any_order, Backend, StoreBackends) {
  Harness<Backend> on;
  const auto [organisation, lrs] = on.destination("school", "https://lrs.example/");
  Keys left = on.append(organisation, entries(1, 12)).keys;
  const Keys keys = left;
  // In order, out of order, joining from both sides, the middle of nothing, all the rest.
  const std::vector<std::vector<std::size_t>> steps{{0, 1},  {5}, {7}, {6},
                                                    {10, 3}, {9}, {2}, {11, 8, 4}};
  std::int64_t delivered = 0;
  for (const auto& step : steps) {
    Keys settled;
    for (const std::size_t index : step) settled.push_back(keys[index]);
    on.deliver(lrs, settled);
    for (const Key key : settled) std::erase(left, key);
    delivered += static_cast<std::int64_t>(settled.size());
    BOOST_TEST(on.waiting(lrs) == left);
    on.check_ledger(lrs, 12, delivered);
  }
}

BOOST_AUTO_TEST_CASE_TEMPLATE(a_repeated_settlement_counts_once, Backend, StoreBackends) {
  Harness<Backend> on;
  const auto [organisation, lrs] = on.destination("school", "https://lrs.example/");
  const Keys keys = on.append(organisation, entries(1, 6)).keys;
  for (int repeat = 0; repeat < 3; ++repeat) {
    on.deliver(lrs, {keys[0], keys[3], keys[0], keys[4]});
    on.check_ledger(lrs, 6, 3);
  }
  on.deliver(lrs, {keys[2], keys[3], keys[4], keys[5]});  // overlaps what is settled
  on.check_ledger(lrs, 6, 5);
  BOOST_TEST(on.waiting(lrs) == Keys{keys[1]});
}

BOOST_AUTO_TEST_CASE_TEMPLATE(keys_never_given_are_ignored, Backend, StoreBackends) {
  Harness<Backend> on;
  const auto [organisation, lrs] = on.destination("school", "https://lrs.example/");
  const auto college = on.destination("college", "https://lrs.example/");
  const Keys keys = on.append(organisation, entries(1, 2)).keys;
  const Keys others = on.append(college.organisation, entries(1, 2)).keys;
  on.deliver(lrs, {0, -5, keys[1] + 1, others[0], others[1]});
  on.defer(lrs, keys[1] + 1, kNow);
  on.defer(lrs, others[0], kNow);
  on.deliver(lrs + 100, keys);
  on.check_ledger(lrs, 2, 0);
  on.check_ledger(college.destination, 2, 0);
  // The key that was too high is given out now, and waits like any other.
  const Keys more = on.append(organisation, {entry(3)}).keys;
  BOOST_TEST(on.waiting(lrs) == (Keys{keys[0], keys[1], more[0]}));
  BOOST_TEST(on.load_all(lrs).back().attempts == 0);
}

BOOST_AUTO_TEST_CASE_TEMPLATE(deferrals_last_until_delivery, Backend, StoreBackends) {
  Harness<Backend> on;
  const auto [organisation, lrs] = on.destination("school", "https://lrs.example/");
  const Keys keys = on.append(organisation, entries(1, 3)).keys;
  const Instant later = kNow + Duration{60'000};
  on.defer(lrs, keys[1], kNow);
  on.defer(lrs, keys[1], later);
  on.reopen();
  const auto found = on.load_all(lrs);
  BOOST_REQUIRE(found.size() == 3);
  BOOST_TEST(found[1].attempts == 2);
  BOOST_TEST(found[1].next_at.ms == later.ms);
  BOOST_TEST(found[2].attempts == 0);
  on.check_ledger(lrs, 3, 0);
  on.deliver(lrs, {keys[1]});
  on.defer(lrs, keys[1], later);  // too late: it is gone
  on.check_ledger(lrs, 3, 1);
  BOOST_TEST(on.waiting(lrs) == (Keys{keys[0], keys[2]}));
}

BOOST_AUTO_TEST_CASE_TEMPLATE(each_destination_has_its_own_place, Backend, StoreBackends) {
  Harness<Backend> on;
  const auto [organisation, one] = on.destination("school", "https://one.example/");
  const DestinationId two = on.destination("school", "https://two.example/").destination;
  const Keys keys = on.append(organisation, entries(1, 6)).keys;
  on.deliver(one, {keys[0], keys[1], keys[4]});
  on.defer(one, keys[2], kNow);
  BOOST_TEST(on.waiting(two) == keys);
  BOOST_TEST(on.load_all(two).at(2).attempts == 0);
  BOOST_TEST(on.bodies(two, keys).size() == 6);
  BOOST_TEST(on.bodies(one, keys).size() == 3);
  on.deliver(two, {keys[1], keys[4], keys[5]});
  on.check_ledger(one, 6, 3);
  on.check_ledger(two, 6, 3);
  on.reopen();
  BOOST_TEST(on.waiting(one) == (Keys{keys[2], keys[3], keys[5]}));
  BOOST_TEST(on.waiting(two) == (Keys{keys[0], keys[2], keys[3]}));
  BOOST_TEST(on.bodies(one, {keys[5]}).size() == 1);
  BOOST_TEST(on.bodies(two, {keys[0]}).size() == 1);
  on.deliver(one, keys);
  BOOST_TEST(on.bodies(two, on.waiting(two)).size() == 3);
  on.deliver(two, keys);
  on.check_ledger(one, 6, 6);
  on.check_ledger(two, 6, 6);
}

BOOST_AUTO_TEST_CASE_TEMPLATE(appends_and_settlements_share_a_commit, Backend, StoreBackends) {
  Harness<Backend> on;
  const auto [organisation, lrs] = on.destination("school", "https://lrs.example/");
  const Keys keys = on.append(organisation, entries(1, 2)).keys;
  const std::vector<AppendRequest> appends{{organisation, Atomicity::PerEntry, {entry(3)}, kNow}};
  const std::vector<Settlement> settlements{
      {.destination = lrs, .delivered = {keys[0]}, .deferred = {}},
      {.destination = lrs, .delivered = {keys[1]}, .deferred = {}}};
  const auto outcomes = checked(on.store->commit(appends, settlements, kNow));
  BOOST_TEST(on.waiting(lrs) == checked(outcomes.at(0)).keys);
  on.check_ledger(lrs, 3, 2);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace waypost::relay::contract
