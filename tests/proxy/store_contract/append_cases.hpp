#pragma once

#include "harness.hpp"

namespace waypost::relay::contract {

BOOST_AUTO_TEST_SUITE(store_append)

BOOST_AUTO_TEST_CASE_TEMPLATE(accepts_and_gives_keys_in_order, Backend, StoreBackends) {
  Harness<Backend> on;
  const auto [organisation, lrs] = on.destination("school", "https://lrs.example/");
  const AppendOutcome outcome = on.append(organisation, entries(1, 3));
  BOOST_TEST(outcome.appended);
  BOOST_TEST(outcome.results == Results(3, AppendResult::Accepted));
  BOOST_TEST(std::is_sorted(outcome.keys.begin(), outcome.keys.end()));
  BOOST_TEST(outcome.keys.front() > 0);
  BOOST_TEST(on.waiting(lrs) == outcome.keys);
  on.check_ledger(lrs, 3, 0);
}

BOOST_AUTO_TEST_CASE_TEMPLATE(knows_an_id_by_fingerprint_or_meaning, Backend, StoreBackends) {
  Harness<Backend> on;
  const auto [organisation, lrs] = on.destination("school", "https://lrs.example/");
  on.append(organisation, {entry(1)});
  NewEntry same_text = entry(1);
  same_text.meaning.fill(9);  // a meaning of other rules, in a later version
  const AppendOutcome outcome = on.append(
      organisation, {entry(1), reworded(entry(1)), same_text, contradicted(entry(1)), entry(2)});
  BOOST_TEST(outcome.appended);
  const Results expected{AppendResult::Duplicate, AppendResult::Duplicate, AppendResult::Duplicate,
                         AppendResult::Conflict, AppendResult::Accepted};
  BOOST_TEST(outcome.results == expected);
  BOOST_TEST(Keys(outcome.keys.begin(), outcome.keys.begin() + 4) == Keys(4, 0));
  BOOST_TEST(on.bodies(lrs, on.waiting(lrs)) ==
             (std::vector<std::string>{entry(1).bytes, entry(2).bytes}));
  on.check_ledger(lrs, 2, 0);
}

BOOST_AUTO_TEST_CASE_TEMPLATE(finds_repeats_within_one_request, Backend, StoreBackends) {
  Harness<Backend> on;
  const auto [organisation, lrs] = on.destination("school", "https://lrs.example/");
  const AppendOutcome outcome =
      on.append(organisation, {entry(1), reworded(entry(1)), contradicted(entry(1))});
  const Results expected{AppendResult::Accepted, AppendResult::Duplicate, AppendResult::Conflict};
  BOOST_TEST(outcome.results == expected);
  BOOST_TEST(on.bodies(lrs, on.waiting(lrs)) == (std::vector<std::string>{entry(1).bytes}));
}

BOOST_AUTO_TEST_CASE_TEMPLATE(all_or_nothing_leaves_nothing, Backend, StoreBackends) {
  Harness<Backend> on;
  const auto [organisation, lrs] = on.destination("school", "https://lrs.example/");
  on.append(organisation, {entry(2)});
  const AppendOutcome refused = on.append(
      organisation, {entry(1), contradicted(entry(2)), entry(3)}, Atomicity::AllOrNothing);
  BOOST_TEST(!refused.appended);
  BOOST_TEST(refused.keys == Keys(3, 0));
  BOOST_TEST(refused.results.at(1) == AppendResult::Conflict);
  on.check_ledger(lrs, 1, 0);
  // Nothing of it is remembered either: the others are new when they come again.
  const AppendOutcome again =
      on.append(organisation, {entry(1), entry(2), entry(3)}, Atomicity::AllOrNothing);
  const Results expected{AppendResult::Accepted, AppendResult::Duplicate, AppendResult::Accepted};
  BOOST_TEST(again.appended);
  BOOST_TEST(again.results == expected);
  on.check_ledger(lrs, 3, 0);
}

BOOST_AUTO_TEST_CASE_TEMPLATE(a_failing_request_costs_only_itself, Backend, StoreBackends) {
  Harness<Backend> on;
  const auto [organisation, lrs] = on.destination("school", "https://lrs.example/");
  on.append(organisation, {entry(9)});
  const std::vector<AppendRequest> requests{
      {organisation, Atomicity::AllOrNothing, {entry(1)}, kNow},
      {organisation + 100, Atomicity::PerEntry, {entry(2)}, kNow},
      {organisation, Atomicity::AllOrNothing, {entry(3), contradicted(entry(9))}, kNow},
      {organisation, Atomicity::PerEntry, {entry(3), entry(1)}, kNow},
  };
  const auto outcomes = checked(on.store->commit(requests, {}, kNow));
  BOOST_REQUIRE(outcomes.size() == 4);
  BOOST_TEST(checked(outcomes[0]).appended);
  BOOST_TEST(!outcomes[1].value.has_value());
  BOOST_TEST((outcomes[1].error.code == ErrorCode::NotFound));
  BOOST_TEST(!checked(outcomes[2]).appended);
  const Results expected{AppendResult::Accepted, AppendResult::Duplicate};
  BOOST_TEST(checked(outcomes[3]).results == expected);
  on.check_ledger(lrs, 3, 0);
}

BOOST_AUTO_TEST_CASE_TEMPLATE(organisations_do_not_share_ids, Backend, StoreBackends) {
  Harness<Backend> on;
  const auto school = on.destination("school", "https://lrs.example/");
  const auto college = on.destination("college", "https://lrs.example/");
  BOOST_TEST(school.organisation != college.organisation);
  BOOST_TEST(school.destination != college.destination);
  on.append(school.organisation, {entry(1)});
  const AppendOutcome outcome = on.append(college.organisation, {contradicted(entry(1))});
  BOOST_TEST(outcome.results == Results(1, AppendResult::Accepted));
  on.check_ledger(school.destination, 1, 0);
  on.check_ledger(college.destination, 1, 0);
  on.deliver(school.destination, on.waiting(school.destination));
  on.check_ledger(college.destination, 1, 0);
}

BOOST_AUTO_TEST_CASE_TEMPLATE(everything_is_there_after_reopening, Backend, StoreBackends) {
  Harness<Backend> on;
  const auto before = on.destination("school", "https://lrs.example/");
  const AppendOutcome outcome = on.append(before.organisation, entries(1, 5));
  on.reopen();
  const auto after = on.destination("school", "https://lrs.example/");
  BOOST_TEST(after.organisation == before.organisation);
  BOOST_TEST(after.destination == before.destination);
  BOOST_TEST(on.waiting(after.destination) == outcome.keys);
  BOOST_TEST(on.append(after.organisation, {entry(5)}).results ==
             Results(1, AppendResult::Duplicate));
  // A key is never given twice, even when nothing waits that could show it.
  on.deliver(after.destination, outcome.keys);
  on.reopen();
  BOOST_TEST(on.append(after.organisation, {entry(6)}).keys.at(0) > outcome.keys.back());
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace waypost::relay::contract
