#pragma once

#include "harness.hpp"

namespace waypost::relay::contract {

BOOST_AUTO_TEST_SUITE(store_dead_letters)

using delivery::BurialReason;

inline Burial burial(Key key, BurialReason reason, Instant at) {
  return {.key = key,
          .reason = reason,
          .status = 409,
          .words = "\xc3\xa9t\xc3\xa9\n\x1b[31m",
          .attempts = 8,
          .at = at};
}

BOOST_AUTO_TEST_CASE_TEMPLATE(a_burial_keeps_all_evidence, Backend, StoreBackends) {
  Harness<Backend> on;
  const auto ids = on.destination("school", "https://lrs.example/");
  const Keys keys = on.append(ids.organisation, entries(1, 3)).keys;
  const Instant later = kNow + Duration{5000};
  on.settle(
      {.destination = ids.destination, .buried = {burial(keys[1], BurialReason::Conflict, later)}});
  on.reopen();
  BOOST_TEST(on.waiting(ids.destination) == (Keys{keys[0], keys[2]}));
  const auto found = on.graves();
  BOOST_REQUIRE(found.size() == 1);
  const DeadLetter& letter = found[0];
  BOOST_TEST(letter.ids.organisation == ids.organisation);
  BOOST_TEST(letter.ids.destination == ids.destination);
  BOOST_TEST(letter.organisation == "school");
  BOOST_TEST(letter.url == "https://lrs.example/");
  BOOST_TEST((letter.id == entry(2).id));
  BOOST_TEST(letter.lane == "lane");
  BOOST_TEST(letter.bytes == entry(2).bytes.size());
  BOOST_TEST((letter.reason == BurialReason::Conflict));
  BOOST_TEST(letter.status == 409);
  BOOST_TEST(letter.words == "\xc3\xa9t\xc3\xa9\n\x1b[31m");
  BOOST_TEST(letter.attempts == 8U);
  BOOST_TEST(letter.received.ms == kNow.ms);
  BOOST_TEST(letter.buried.ms == later.ms);
  const std::vector<DeadLetterId> asked{letter.dead_letter + 1, letter.dead_letter};
  const auto whole = checked(on.dead_letters().read(asked));
  BOOST_REQUIRE(whole.size() == 1);
  BOOST_TEST(whole[0].statement == entry(2).bytes);
  const Ledger ledger = on.ledger(ids.destination);
  BOOST_TEST(ledger.dead_letters == 1);
  BOOST_TEST(ledger.waiting == 2);
}

BOOST_AUTO_TEST_CASE_TEMPLATE(a_key_is_settled_once_in_one_way, Backend, StoreBackends) {
  Harness<Backend> on;
  const auto [organisation, lrs] = on.destination("school", "https://lrs.example/");
  const Keys keys = on.append(organisation, entries(1, 4)).keys;
  const Settlement settlement{.destination = lrs,
                              .delivered = {keys[0]},
                              .already_there = {keys[0], keys[1]},
                              .buried = {burial(keys[1], BurialReason::Refused, kNow),
                                         burial(keys[2], BurialReason::Refused, kNow),
                                         burial(keys[2], BurialReason::Refused, kNow),
                                         burial(keys[3] + 1, BurialReason::Refused, kNow)}};
  for (int repeat = 0; repeat < 2; ++repeat) {
    on.settle(settlement);
    const Ledger ledger = on.ledger(lrs);
    BOOST_TEST(ledger.delivered == 1);
    BOOST_TEST(ledger.already_there == 1);
    BOOST_TEST(ledger.dead_letters == 1);
    BOOST_TEST(ledger.waiting == 1);
  }
  on.deliver(lrs, keys);
  BOOST_TEST(on.ledger(lrs).delivered == 2);
}

BOOST_AUTO_TEST_CASE_TEMPLATE(filters_say_which_dead_letters, Backend, StoreBackends) {
  Harness<Backend> on;
  const auto school = on.destination("school", "https://lrs.example/");
  const auto other = on.destination("school", "https://other.example/");
  const auto college = on.destination("college", "https://lrs.example/");
  const Keys keys = on.append(school.organisation, entries(1, 3)).keys;
  on.settle({.destination = school.destination,
             .buried = {burial(keys[0], BurialReason::Refused, kNow),
                        burial(keys[1], BurialReason::TooLarge, kNow + Duration{1000}),
                        burial(keys[2], BurialReason::Refused, kNow + Duration{2000})}});
  on.bury(other.destination, {keys[0]});
  on.bury(college.destination, on.append(college.organisation, {entry(1)}).keys);
  const auto numbers = [&](const DeadLetterFilter& filter) {
    std::vector<DeadLetterId> found;
    for (const DeadLetter& letter : on.graves(filter)) found.push_back(letter.dead_letter);
    return found;
  };
  using Numbers = std::vector<DeadLetterId>;
  const Numbers all = numbers({});
  BOOST_REQUIRE(all.size() == 5);
  BOOST_TEST(std::is_sorted(all.begin(), all.end()));
  const auto some = [&](std::initializer_list<std::size_t> places) {
    Numbers chosen;
    for (const std::size_t place : places) chosen.push_back(all[place]);
    return chosen;
  };
  BOOST_TEST(numbers({.organisation = "school"}) == some({0, 1, 2, 3}));
  BOOST_TEST(numbers({.url = "https://lrs.example/"}) == some({0, 1, 2, 4}));
  BOOST_TEST(numbers({.organisation = "school", .url = "https://other.example/"}) == some({3}));
  BOOST_TEST(numbers({.reason = BurialReason::TooLarge}) == some({1}));
  BOOST_TEST(numbers({.id = entry(1).id}) == some({0, 3, 4}));
  BOOST_TEST(numbers({.since = kNow + Duration{1000}}) == some({1, 2}));
  BOOST_TEST(numbers({.organisation = "school", .until = kNow + Duration{1000}}) == some({0, 3}));
  BOOST_TEST(numbers({.first = all[1], .last = all[3]}) == some({1, 2, 3}));
  BOOST_TEST(numbers({.organisation = "nobody"}).empty());
  BOOST_TEST(checked(on.dead_letters().list({.first = all[1] + 1}, 2)).size() == 2);
}

BOOST_AUTO_TEST_CASE_TEMPLATE(a_replay_waits_for_its_destination_alone, Backend, StoreBackends) {
  Harness<Backend> on;
  const auto [organisation, one] = on.destination("school", "https://one.example/");
  const DestinationId two = on.destination("school", "https://two.example/").destination;
  const Keys keys = on.append(organisation, entries(1, 4)).keys;
  on.defer(one, keys[1], kNow + Duration{1000});
  on.bury(one, {keys[1], keys[2]});
  const DeadLetterId first = on.graves().front().dead_letter;
  const Replay replay = checked(on.dead_letters().replay({}, 10, kOrder));
  BOOST_REQUIRE(replay.entries.size() == 2);
  BOOST_TEST(!replay.progress.more);
  const ReplayedEntry& entry_2 = replay.entries[0];
  BOOST_TEST(entry_2.ids.destination == one);
  BOOST_TEST((entry_2.id == entry(2).id));
  BOOST_TEST(entry_2.lane == "lane");
  BOOST_TEST(entry_2.bytes == entry(2).bytes.size());
  on.reopen();
  const Keys again{entry_2.key, replay.entries[1].key};
  BOOST_TEST(again[0] > keys[3]);
  BOOST_TEST(on.waiting(one) == (Keys{keys[0], keys[3], again[0], again[1]}));
  BOOST_TEST(on.waiting(two) == keys);
  BOOST_TEST(on.load_all(one).at(2).attempts == 0);
  BOOST_TEST(on.bodies(one, again) == (std::vector{entry(2).bytes, entry(3).bytes}));
  on.check_ledger(one, 4, 0);
  on.check_ledger(two, 4, 0);
  BOOST_TEST(on.append(organisation, entries(1, 4)).results == Results(4, AppendResult::Duplicate));
  on.deliver(two, keys);
  on.check_ledger(two, 4, 4);
  BOOST_TEST(on.bodies(one, again).size() == 2);
  on.deliver(one, {again[0]});
  on.bury(one, {again[1]});
  BOOST_TEST(on.graves().front().dead_letter > first + 1);  // no number is given twice
  BOOST_TEST(on.ledger(one).delivered == 1);
}

BOOST_AUTO_TEST_CASE_TEMPLATE(changes_are_bounded_and_say_how_far, Backend, StoreBackends) {
  Harness<Backend> on;
  const auto [organisation, lrs] = on.destination("school", "https://lrs.example/");
  on.bury(lrs, on.append(organisation, entries(1, 7)).keys);
  DeadLetterFilter filter;
  const Replay some = checked(on.dead_letters().replay(filter, 3, kOrder));
  BOOST_TEST(some.entries.size() == 3);
  BOOST_TEST(some.progress.more);
  filter.first = some.progress.through + 1;
  const Discard others = checked(on.dead_letters().discard(filter, 3, kOrder));
  BOOST_TEST(others.discarded == 3);
  BOOST_TEST(others.progress.more);
  filter.first = others.progress.through + 1;
  const Discard last = checked(on.dead_letters().discard(filter, 3, kOrder));
  BOOST_TEST(last.discarded == 1);
  BOOST_TEST(!last.progress.more);
  const Ledger ledger = on.ledger(lrs);
  BOOST_TEST(ledger.discarded == 4);
  BOOST_TEST(ledger.waiting == 3);
  BOOST_TEST(ledger.dead_letters == 0);
  BOOST_TEST(on.audit().size() == 3);
}

BOOST_AUTO_TEST_CASE_TEMPLATE(a_mended_statement_is_a_new_one, Backend, StoreBackends) {
  Harness<Backend> on;
  const auto [organisation, one] = on.destination("school", "https://one.example/");
  const DestinationId two = on.destination("school", "https://two.example/").destination;
  const Keys keys = on.append(organisation, entries(1, 3)).keys;
  on.bury(one, {keys[0], keys[1]});
  const DeadLetterId letter = on.graves().front().dead_letter;
  BOOST_TEST(
      (checked(on.dead_letters().mend(letter, entry(3), kOrder)).answer == MendAnswer::Conflict));
  BOOST_TEST((checked(on.dead_letters().mend(letter + 50, entry(9), kOrder)).answer ==
              MendAnswer::NotFound));
  BOOST_TEST(on.audit().empty());
  const Mend mend = checked(on.dead_letters().mend(letter, entry(9, "other"), kOrder));
  BOOST_REQUIRE((mend.answer == MendAnswer::Mended));
  on.reopen();
  BOOST_TEST(on.waiting(one) == (Keys{keys[2], mend.entry.key}));
  BOOST_TEST(on.waiting(two) == keys);
  BOOST_TEST(on.bodies(one, {mend.entry.key}) == std::vector{entry(9).bytes});
  const Ledger ledger = on.ledger(one);
  BOOST_TEST(ledger.accepted == 4);
  BOOST_TEST(ledger.discarded == 1);
  BOOST_TEST(ledger.dead_letters == 1);
  on.check_ledger(two, 3, 0);
  BOOST_TEST(on.append(organisation, {entry(9)}).results == Results(1, AppendResult::Duplicate));
  const auto audit = on.audit();
  BOOST_REQUIRE(audit.size() == 1);
  BOOST_TEST(audit[0].what == "mended");
  BOOST_TEST((audit[0].old_id == entry(1).id));
  BOOST_TEST((audit[0].new_id == entry(9).id));
}

BOOST_AUTO_TEST_CASE_TEMPLATE(every_order_is_on_record_for_ever, Backend, StoreBackends) {
  Harness<Backend> on;
  const auto [organisation, one] = on.destination("school", "https://one.example/");
  const DestinationId two = on.destination("school", "https://two.example/").destination;
  const Keys keys = on.append(organisation, entries(1, 3)).keys;
  on.bury(one, keys);
  on.bury(two, {keys[0]});
  checked(on.dead_letters().discard({}, 10, kOrder));
  checked(on.dead_letters().discard({}, 10, kOrder));  // nothing left: nothing to record
  on.reopen();
  const auto audit = on.audit();
  BOOST_REQUIRE(audit.size() == 2);  // one for each destination
  BOOST_TEST(audit[0].what == "discarded");
  BOOST_TEST(audit[0].organisation == "school");
  BOOST_TEST(audit[0].url == "https://one.example/");
  BOOST_TEST(audit[0].entries == 3);
  BOOST_TEST(audit[1].entries == 1);
  BOOST_TEST(audit[0].order.at.ms == kNow.ms);
  BOOST_TEST(audit[0].order.who == "ada");
  BOOST_TEST(audit[0].order.selection == "all");
  BOOST_TEST(audit[0].order.why == "asked to");
  BOOST_TEST(!audit[0].old_id.has_value());
  BOOST_TEST(checked(on.dead_letters().audit(audit[0].audit, 10)).size() == 1);
}

BOOST_AUTO_TEST_CASE_TEMPLATE(what_was_replayed_is_known_while_it_waits, Backend, StoreBackends) {
  Harness<Backend> on;
  const auto [organisation, lrs] = on.destination("school", "https://lrs.example/");
  const auto days = [](std::int64_t count) { return kNow + Duration{count * 24 * 3600 * 1000}; };
  const Keys keys = on.append(organisation, entries(1, 200)).keys;
  on.bury(lrs, {keys[0], keys[1]});
  on.deliver(lrs, keys);
  checked(on.dead_letters().replay({.id = entry(1).id}, 10, kOrder));
  while (checked(on.store->forget_delivered_ids(days(40), 50))) {
  }
  on.reopen();
  const auto results = on.append(organisation, {entry(1), entry(2)}).results;
  const Results expected{AppendResult::Duplicate, AppendResult::Accepted};
  BOOST_TEST(results == expected);
  // The other dead letter stays: its statement waits already.
  const Replay replay = checked(on.dead_letters().replay({}, 10, kOrder));
  BOOST_TEST(replay.entries.empty());
  BOOST_TEST(replay.already_waiting == 1);
  BOOST_TEST(on.ledger(lrs).dead_letters == 1);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace waypost::relay::contract
