#pragma once

#include "harness.hpp"

namespace waypost::relay::contract {

BOOST_AUTO_TEST_SUITE(store_quota)

inline std::int64_t bytes_of(const std::vector<NewEntry>& some) {
  std::int64_t bytes = 0;
  for (const NewEntry& one : some) bytes += static_cast<std::int64_t>(one.bytes.size());
  return bytes;
}

// One commit of a request for each list of entries, all with this bound.
template <typename Backend>
std::vector<StoreResult<AppendOutcome>> append_within(
    Harness<Backend>& on, std::int64_t queue_bytes_max,
    const std::vector<std::pair<OrganisationId, std::vector<NewEntry>>>& lists,
    Atomicity atomicity = Atomicity::PerEntry) {
  std::vector<AppendRequest> requests;
  for (const auto& [organisation, added] : lists) {
    requests.push_back({organisation, atomicity, added, kNow, queue_bytes_max});
  }
  return checked(on.store->commit(requests, {}, kNow));
}

BOOST_AUTO_TEST_CASE_TEMPLATE(a_full_queue_takes_no_more_until_some_is_delivered, Backend,
                              StoreBackends) {
  Harness<Backend> on;
  const auto [school, lrs] = on.destination("school", "https://lrs.example/");
  const auto [college, other_lrs] = on.destination("college", "https://lrs.example/");
  const std::int64_t room = bytes_of(entries(1, 3));
  const auto results = append_within(on, room,
                                     {{school, entries(1, 2)},
                                      {school, entries(3, 4)},
                                      {college, entries(1, 3)},
                                      {school, {entry(3)}}});
  BOOST_TEST(checked(results.at(0)).appended);
  BOOST_TEST((results.at(1).error.code == ErrorCode::QueueFull));
  BOOST_TEST(checked(results.at(2)).appended);
  BOOST_TEST(checked(results.at(3)).appended);
  BOOST_TEST(on.ledger(lrs).queue_bytes == room);
  BOOST_TEST(on.ledger(other_lrs).queue_bytes == room);
  on.check_ledger(lrs, 3, 0);
  BOOST_TEST(
      (append_within(on, room, {{school, {entry(4)}}}).at(0).error.code == ErrorCode::QueueFull));
  on.reopen();
  on.deliver(lrs, {on.waiting(lrs).front()});
  BOOST_TEST(checked(append_within(on, room, {{school, {entry(4)}}}).at(0)).appended);
  BOOST_TEST(on.ledger(lrs).queue_bytes == bytes_of(entries(2, 4)));
}

BOOST_AUTO_TEST_CASE_TEMPLATE(what_is_settled_twice_is_counted_off_once, Backend, StoreBackends) {
  Harness<Backend> on;
  const auto [school, one] = on.destination("school", "https://one.example/");
  const DestinationId two = on.destination("school", "https://two.example/").destination;
  const Keys keys = on.append(school, entries(1, 9)).keys;
  const Keys some{keys[1], keys[4], keys[5]};
  on.deliver(one, some);
  on.deliver(two, some);
  const std::int64_t settled = bytes_of(entries(2, 2)) + bytes_of(entries(5, 6));
  BOOST_TEST(on.ledger(one).queue_bytes == bytes_of(entries(1, 9)) - settled);
  on.deliver(two, keys);
  BOOST_TEST(on.ledger(one).queue_bytes == bytes_of(entries(1, 9)) - settled);
  on.deliver(one, keys);
  BOOST_TEST(on.ledger(one).queue_bytes == 0);
}

BOOST_AUTO_TEST_CASE_TEMPLATE(a_full_queue_still_knows_what_it_has, Backend, StoreBackends) {
  Harness<Backend> on;
  const auto [school, lrs] = on.destination("school", "https://lrs.example/");
  on.append(school, entries(1, 3));
  const auto again = append_within(on, 1, {{school, entries(1, 3)}}, Atomicity::AllOrNothing);
  BOOST_TEST(checked(again.at(0)).results == Results(3, AppendResult::Duplicate));
  on.check_ledger(lrs, 3, 0);
}

BOOST_AUTO_TEST_CASE_TEMPLATE(a_refused_request_is_new_when_it_comes_again, Backend,
                              StoreBackends) {
  Harness<Backend> on;
  const auto [school, lrs] = on.destination("school", "https://lrs.example/");
  BOOST_TEST(
      (append_within(on, 1, {{school, entries(1, 3)}}).at(0).error.code == ErrorCode::QueueFull));
  on.check_ledger(lrs, 0, 0);
  BOOST_TEST(on.ledger(lrs).queue_bytes == 0);
  BOOST_TEST(on.append(school, entries(1, 3)).results == Results(3, AppendResult::Accepted));
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace waypost::relay::contract
