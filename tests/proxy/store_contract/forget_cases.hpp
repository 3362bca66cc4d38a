#pragma once

#include "harness.hpp"
#include "waypost/limits.hpp"

namespace waypost::relay::contract {

BOOST_AUTO_TEST_SUITE(store_forget)

inline Instant after_days(std::int64_t days) {
  return kNow + Duration{days * 24 * 3600 * 1000};
}

// How many steps until nothing more is left.
template <typename Backend>
int forget_all(Harness<Backend>& on, Instant now, std::size_t step) {
  int steps = 0;
  while (checked(on.store->forget_delivered_ids(now, step))) ++steps;
  return steps;
}

BOOST_AUTO_TEST_CASE_TEMPLATE(delivered_ids_are_known_for_35_days, Backend, StoreBackends) {
  Harness<Backend> on;
  const auto [organisation, lrs] = on.destination("school", "https://lrs.example/");
  on.deliver(lrs, on.append(organisation, entries(1, 3)).keys);
  forget_all(on, after_days(34), 100);
  BOOST_TEST(on.append(organisation, entries(1, 3)).results == Results(3, AppendResult::Duplicate));
  // Delivery times may be kept by the day.
  forget_all(on, after_days(37), 100);
  BOOST_TEST(on.append(organisation, entries(1, 3)).results == Results(3, AppendResult::Accepted));
  on.check_ledger(lrs, 6, 3);
}

BOOST_AUTO_TEST_CASE_TEMPLATE(waiting_ids_are_never_forgotten, Backend, StoreBackends) {
  Harness<Backend> on;
  const auto [organisation, one] = on.destination("school", "https://one.example/");
  const DestinationId two = on.destination("school", "https://two.example/").destination;
  const Keys keys = on.append(organisation, entries(1, 4)).keys;
  on.deliver(one, keys);
  on.deliver(two, {keys[0], keys[2]});
  forget_all(on, after_days(400), 100);
  const AppendOutcome outcome = on.append(organisation, {entry(2), entry(4)});
  BOOST_TEST(outcome.results == Results(2, AppendResult::Duplicate));
  BOOST_TEST(on.waiting(two) == (Keys{keys[1], keys[3]}));
}

BOOST_AUTO_TEST_CASE_TEMPLATE(forgets_in_bounded_steps, Backend, StoreBackends) {
  Harness<Backend> on;
  const auto [organisation, lrs] = on.destination("school", "https://lrs.example/");
  const auto college = on.destination("college", "https://lrs.example/");
  on.deliver(lrs, on.append(organisation, entries(1, 150)).keys);
  on.deliver(college.destination, on.append(college.organisation, entries(1, 150)).keys);
  BOOST_TEST(checked(on.store->forget_delivered_ids(after_days(37), 30)));
  on.reopen();
  BOOST_TEST(forget_all(on, after_days(37), 30) >= 9);
  BOOST_TEST(on.append(organisation, entries(1, 150)).results ==
             Results(150, AppendResult::Accepted));
  BOOST_TEST(on.append(college.organisation, entries(1, 150)).results ==
             Results(150, AppendResult::Accepted));
}

BOOST_AUTO_TEST_CASE_TEMPLATE(later_deliveries_are_kept_longer, Backend, StoreBackends) {
  Harness<Backend> on;
  const auto [organisation, lrs] = on.destination("school", "https://lrs.example/");
  on.deliver(lrs, on.append(organisation, entries(1, 3)).keys, after_days(0));
  on.deliver(lrs, on.append(organisation, entries(4, 6)).keys, after_days(20));
  forget_all(on, after_days(40), 2);
  BOOST_TEST(on.append(organisation, entries(4, 6)).results == Results(3, AppendResult::Duplicate));
  BOOST_TEST(on.append(organisation, entries(1, 3)).results == Results(3, AppendResult::Accepted));
  forget_all(on, after_days(57), 2);
  BOOST_TEST(on.append(organisation, entries(4, 6)).results == Results(3, AppendResult::Accepted));
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace waypost::relay::contract
