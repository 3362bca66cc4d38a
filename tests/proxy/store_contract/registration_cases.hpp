#pragma once

#include "harness.hpp"

namespace waypost::relay::contract {

BOOST_AUTO_TEST_SUITE(store_registration)

using delivery::BlockCause;

BOOST_AUTO_TEST_CASE_TEMPLATE(a_changed_url_holds_what_waits, Backend, StoreBackends) {
  Harness<Backend> on;
  const auto [organisation, lrs] = on.destination("school", "https://lrs.example/");
  const Keys early = on.append(organisation, entries(1, 3)).keys;
  on.deliver(lrs, {early[1]});
  on.names[0].url = "https://moved.example/";
  const auto registered = on.registered().at(0);
  BOOST_TEST(registered.ids.destination == lrs);
  BOOST_TEST(registered.held == 2);
  BOOST_TEST(registered.held_through == early[2]);
  const Keys late = on.append(organisation, entries(4, 5)).keys;
  for (int repeat = 0; repeat < 2; ++repeat) {
    BOOST_TEST(on.waiting(lrs) == late);
    BOOST_TEST(on.ledger(lrs).held == 2);
    BOOST_TEST(on.ledger(lrs).waiting == 4);
    on.reopen();
    BOOST_TEST(on.registered().at(0).held == 2);
  }
  BOOST_TEST(checked(on.store->release(lrs, kOrder)) == 2);
  BOOST_TEST(checked(on.store->release(lrs, kOrder)) == 0);
  BOOST_TEST(on.waiting(lrs) == (Keys{early[0], early[2], late[0], late[1]}));
  BOOST_TEST(on.registered().at(0).held == 0);
  const auto audit = on.audit();
  BOOST_REQUIRE(audit.size() == 1);
  BOOST_TEST(audit[0].what == "released");
  BOOST_TEST(audit[0].entries == 2);
  BOOST_TEST(audit[0].url == "https://moved.example/");
}

BOOST_AUTO_TEST_CASE_TEMPLATE(another_key_holds_what_waits, Backend, StoreBackends) {
  Harness<Backend> on;
  const auto [organisation, lrs] = on.destination("school", "https://lrs.example/");
  on.append(organisation, entries(1, 2));
  on.names[0].credential = "key one";  // not known before: no other key
  BOOST_TEST(on.registered().at(0).held == 0);
  on.names[0].credential = "key two";
  BOOST_TEST(on.registered().at(0).held == 2);
  on.append(organisation, {entry(3)});
  on.names[0].credential = "key three";
  BOOST_TEST(on.registered().at(0).held == 3);
  BOOST_TEST(on.waiting(lrs).empty());
}

BOOST_AUTO_TEST_CASE_TEMPLATE(nothing_is_held_where_nothing_waits, Backend, StoreBackends) {
  Harness<Backend> on;
  const auto [organisation, lrs] = on.destination("school", "https://lrs.example/");
  on.deliver(lrs, on.append(organisation, entries(1, 3)).keys);
  on.names[0].url = "https://moved.example/";
  BOOST_TEST(on.registered().at(0).held_through == 0);
  const Keys late = on.append(organisation, {entry(4)}).keys;
  BOOST_TEST(on.waiting(lrs) == late);
  on.check_ledger(lrs, 4, 3);
}

BOOST_AUTO_TEST_CASE_TEMPLATE(urls_first_then_order_tell_who_is_who, Backend, StoreBackends) {
  Harness<Backend> on;
  const auto [organisation, one] = on.destination("school", "https://one.example/");
  const DestinationId two = on.destination("school", "https://two.example/").destination;
  const DestinationId college = on.destination("college", "https://one.example/").destination;
  on.append(organisation, entries(1, 2));
  const auto ids_of = [&] {
    std::vector<DestinationId> ids;
    for (const auto& registered : on.registered()) ids.push_back(registered.ids.destination);
    return ids;
  };
  using Ids = std::vector<DestinationId>;
  std::swap(on.names[0], on.names[1]);
  BOOST_TEST(ids_of() == (Ids{two, one, college}));
  on.names[0].url = "https://three.example/";  // two's
  BOOST_TEST(ids_of() == (Ids{two, one, college}));
  // A third one is new: nothing that is known is left over.
  on.names.push_back({"school", "https://two.example/"});
  const Ids three = ids_of();
  BOOST_TEST(three.at(3) != two);
  BOOST_TEST(on.ledger(three.at(3)).accepted == 0);
  // Taken out for a while, it keeps its place.
  const auto out = on.names;
  on.names = {on.names[0]};
  on.registered();
  on.names = out;
  BOOST_TEST(ids_of() == three);
  BOOST_TEST(on.ledger(one).held == 0);
}

BOOST_AUTO_TEST_CASE_TEMPLATE(a_url_that_changes_in_a_run_holds_what_waits, Backend,
                              StoreBackends) {
  Harness<Backend> on;
  const Destination ids = on.destination("school", "https://lrs.example/");
  on.append(ids.organisation, entries(1, 3));
  on.settle({.destination = ids.destination, .block = BlockNote{BlockCause::Unauthorized}});
  const auto change = [&](const RunningDestination& running, const DestinationName& name) {
    return checked(on.store->change_destinations({&running, 1}, {&name, 1})).at(0);
  };
  const DestinationName moved{"school", "https://moved.example/", "key"};
  const auto registered = change({ids, on.names[0]}, moved);
  BOOST_TEST(registered.ids.destination == ids.destination);
  BOOST_TEST(registered.held == 3);
  BOOST_TEST(!registered.blocked.has_value());
  const Keys late = on.append(ids.organisation, {entry(4)}).keys;
  BOOST_TEST(on.waiting(ids.destination) == late);
  BOOST_TEST(change({ids, moved}, moved).held == 3);
  // What the store has for its name does not matter: the relay has sent to another so far.
  BOOST_TEST(change({ids, on.names[0]}, moved).held == 4);
  on.names[0] = moved;
  on.reopen();
  BOOST_TEST(on.registered().at(0).held == 4);
}

BOOST_AUTO_TEST_CASE_TEMPLATE(a_change_is_among_the_destinations_that_run, Backend, StoreBackends) {
  Harness<Backend> on;
  const auto [organisation, gone] = on.destination("school", "https://gone.example/");
  const Destination one = on.destination("school", "https://one.example/");
  const Destination two = on.destination("school", "https://two.example/");
  on.append(organisation, entries(1, 2));
  const std::vector<RunningDestination> running{{one, on.names[1]}, {two, on.names[2]}};
  std::vector<DestinationName> names{on.names[2], {"school", "https://three.example/", ""}};
  const auto changed = checked(on.store->change_destinations(running, names));
  BOOST_TEST(changed.at(0).ids.destination == two.destination);
  BOOST_TEST(changed.at(0).held == 0);
  BOOST_TEST(changed.at(1).ids.destination == one.destination);
  BOOST_TEST(changed.at(1).held == 2);
  // Whose it was is not there to say what becomes of its queue.
  names[0].url = "https://gone.example/";
  const auto refused = on.store->change_destinations(
      std::vector<RunningDestination>{{two, on.names[2]}, {one, names[1]}}, names);
  BOOST_TEST((refused.error.code == ErrorCode::Conflict));
  BOOST_TEST(!refused.value.has_value());
  BOOST_TEST(on.ledger(two.destination).held == 0);
  BOOST_TEST(on.ledger(gone).held == 0);
}

BOOST_AUTO_TEST_CASE_TEMPLATE(a_block_is_remembered_until_it_ends, Backend, StoreBackends) {
  Harness<Backend> on;
  const auto [organisation, lrs] = on.destination("school", "https://lrs.example/");
  on.append(organisation, {entry(1)});
  BOOST_TEST(!on.registered().at(0).blocked.has_value());
  on.settle({.destination = lrs, .block = BlockNote{BlockCause::Tls}});
  on.settle({.destination = lrs});
  on.reopen();
  BOOST_TEST((on.registered().at(0).blocked == BlockCause::Tls));
  BOOST_TEST((on.ledger(lrs).blocked == BlockCause::Tls));
  on.settle({.destination = lrs, .block = BlockNote{}});
  BOOST_TEST(!on.registered().at(0).blocked.has_value());
  // A block of the old address says nothing about the new one.
  on.settle({.destination = lrs, .block = BlockNote{BlockCause::Unauthorized}});
  on.names[0].url = "https://moved.example/";
  BOOST_TEST(!on.registered().at(0).blocked.has_value());
}

BOOST_AUTO_TEST_CASE_TEMPLATE(the_ledger_knows_the_oldest_that_waits, Backend, StoreBackends) {
  Harness<Backend> on;
  const auto [organisation, lrs] = on.destination("school", "https://lrs.example/");
  Keys keys;
  for (std::uint32_t number = 1; number <= 3; ++number) {
    const Instant at = kNow + Duration{number * 1000};
    const std::vector<AppendRequest> requests{
        {organisation, Atomicity::PerEntry, {entry(number)}, at}};
    keys.push_back(checked(checked(on.store->commit(requests, {}, at)).at(0)).keys.at(0));
  }
  const auto oldest = [&] { return on.ledger(lrs).oldest_waiting.value_or(kNow) - kNow; };
  BOOST_TEST(oldest().ms == 1000);
  on.deliver(lrs, {keys[1]});
  BOOST_TEST(oldest().ms == 1000);
  on.bury(lrs, {keys[0]});
  BOOST_TEST(oldest().ms == 3000);
  on.deliver(lrs, {keys[2]});
  BOOST_TEST(!on.ledger(lrs).oldest_waiting.has_value());
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace waypost::relay::contract
