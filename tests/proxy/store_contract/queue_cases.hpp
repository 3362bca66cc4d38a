#pragma once

#include "harness.hpp"

namespace waypost::relay::contract {

BOOST_AUTO_TEST_SUITE(store_queue)

BOOST_AUTO_TEST_CASE_TEMPLATE(loads_in_pages_in_order_of_arrival, Backend, StoreBackends) {
  Harness<Backend> on;
  const auto [organisation, lrs] = on.destination("school", "https://lrs.example/");
  const Keys keys = on.append(organisation, entries(1, 25)).keys;
  BOOST_TEST(on.waiting(lrs, 7) == keys);
  on.deliver(lrs, {keys[3], keys[4], keys[7], keys[20]});
  Keys left = keys;
  for (const Key gone : {keys[3], keys[4], keys[7], keys[20]}) std::erase(left, gone);
  for (const std::size_t page : {std::size_t{1}, std::size_t{4}, std::size_t{100}}) {
    BOOST_TEST(on.waiting(lrs, page) == left);
  }
  BOOST_TEST(checked(on.store->load(lrs, 0, 0)).empty());
}

BOOST_AUTO_TEST_CASE_TEMPLATE(tells_lane_size_and_no_attempt_yet, Backend, StoreBackends) {
  Harness<Backend> on;
  const auto [organisation, lrs] = on.destination("school", "https://lrs.example/");
  NewEntry large = entry(2, "");
  large.bytes = std::string(200'000, 'x');
  on.append(organisation, {entry(1, "registration"), large});
  const auto found = on.load_all(lrs);
  BOOST_REQUIRE(found.size() == 2);
  BOOST_TEST(found[0].lane == "registration");
  BOOST_TEST(found[0].bytes == entry(1).bytes.size());
  BOOST_TEST(found[0].attempts == 0);
  BOOST_TEST(found[0].next_at.ms == 0);
  BOOST_TEST(found[1].lane.empty());
  BOOST_TEST(found[1].bytes == 200'000);
}

BOOST_AUTO_TEST_CASE_TEMPLATE(reads_the_bytes_that_were_given, Backend, StoreBackends) {
  Harness<Backend> on;
  const auto [organisation, lrs] = on.destination("school", "https://lrs.example/");
  NewEntry odd = entry(2);
  odd.bytes = std::string("\0\xff\x80 1.10 \n", 10);
  NewEntry empty = entry(3);
  empty.bytes.clear();
  const Keys keys = on.append(organisation, {entry(1), odd, empty}).keys;
  const Keys asked{keys[2], keys[1], keys[2] + 50, keys[0]};
  const auto found = checked(on.store->read(lrs, asked));
  BOOST_REQUIRE(found.size() == 3);
  BOOST_TEST(found[0].key == keys[2]);
  BOOST_TEST(found[0].bytes.empty());
  BOOST_TEST(found[1].bytes == odd.bytes);
  BOOST_TEST((found[1].id == odd.id));
  BOOST_TEST(found[2].bytes == entry(1).bytes);
  on.deliver(lrs, {keys[1]});
  BOOST_TEST(on.bodies(lrs, {keys[1]}).empty());
}

BOOST_AUTO_TEST_CASE_TEMPLATE(a_late_destination_begins_with_what_follows, Backend, StoreBackends) {
  Harness<Backend> on;
  const auto [organisation, first] = on.destination("school", "https://lrs.example/");
  const Keys early = on.append(organisation, entries(1, 3)).keys;
  const DestinationId second = on.destination("school", "https://other.example/").destination;
  BOOST_TEST(on.waiting(second).empty());
  BOOST_TEST(on.bodies(second, early).empty());
  const Keys late = on.append(organisation, entries(4, 5)).keys;
  BOOST_TEST(on.waiting(second) == late);
  BOOST_TEST(on.waiting(first).size() == 5);
  on.check_ledger(first, 5, 0);
  on.check_ledger(second, 2, 0);
}

BOOST_AUTO_TEST_CASE_TEMPLATE(one_owner_at_a_time_holds_the_lease, Backend, StoreBackends) {
  Harness<Backend> on;
  const DestinationId lrs = on.destination("school", "https://lrs.example/").destination;
  const DestinationId other = on.destination("school", "https://other.example/").destination;
  const auto at = [](std::int64_t seconds) { return kNow + Duration{seconds * 1000}; };
  BOOST_TEST(checked(on.store->lease(lrs, "one", at(0), at(30))));
  BOOST_TEST(!checked(on.store->lease(lrs, "two", at(29), at(60))));
  BOOST_TEST(checked(on.store->lease(other, "two", at(29), at(60))));
  BOOST_TEST(checked(on.store->lease(lrs, "one", at(29), at(50))));
  BOOST_TEST(!checked(on.store->lease(lrs, "two", at(49), at(80))));
  BOOST_TEST(checked(on.store->lease(lrs, "two", at(50), at(80))));
  BOOST_TEST(!checked(on.store->lease(lrs, "one", at(51), at(90))));
  BOOST_TEST(checked(on.store->lease(lrs, "two", at(52), at(52))));  // gives it back
  BOOST_TEST(checked(on.store->lease(lrs, "one", at(52), at(90))));
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace waypost::relay::contract
