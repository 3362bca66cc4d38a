#include "proxy/alerts/alert_outbox.hpp"

#include <boost/test/unit_test.hpp>

namespace {

using namespace waypost;
using namespace waypost::relay;

constexpr Instant kStart{1'700'000'000'000};
const AlertKey kBlocked{"school", "https://lrs.example/", AlertKind::Blocked};
const AlertKey kLetters{"school", "https://lrs.example/", AlertKind::DeadLetters};

AlertNotice notice(AlertPhase phase, const AlertKey& key = kBlocked) {
  return {key, phase, {}, kStart, kStart};
}

}  // namespace

BOOST_AUTO_TEST_SUITE(alert_outbox)

BOOST_AUTO_TEST_CASE(what_is_sent_leaves) {
  AlertOutbox outbox;
  BOOST_TEST(outbox.next(kStart) == nullptr);
  outbox.add(notice(AlertPhase::Began));
  BOOST_REQUIRE(outbox.next(kStart) != nullptr);
  outbox.sent();
  BOOST_TEST(outbox.next(kStart) == nullptr);
  outbox.add(notice(AlertPhase::Ended));
  BOOST_REQUIRE(outbox.next(kStart) != nullptr);
  BOOST_TEST((outbox.next(kStart)->phase == AlertPhase::Ended));
  outbox.sent();
  BOOST_TEST(!outbox.next_wakeup().has_value());
}

BOOST_AUTO_TEST_CASE(the_end_of_what_was_never_told_is_not_told) {
  AlertOutbox outbox;
  outbox.add(notice(AlertPhase::Began));
  outbox.failed(kStart);
  outbox.add(notice(AlertPhase::Ended));
  BOOST_TEST(outbox.next(kStart + AlertOutbox::kRetryMax) == nullptr);
}

BOOST_AUTO_TEST_CASE(the_end_of_what_was_told_is_told_whatever_came_between) {
  AlertOutbox outbox;
  outbox.add(notice(AlertPhase::Began));
  outbox.sent();
  outbox.add(notice(AlertPhase::Ended));
  outbox.add(notice(AlertPhase::Began));
  outbox.add(notice(AlertPhase::Ended));
  BOOST_REQUIRE(outbox.next(kStart) != nullptr);
  BOOST_TEST((outbox.next(kStart)->phase == AlertPhase::Ended));
  outbox.sent();
  BOOST_TEST(outbox.next(kStart) == nullptr);
}

BOOST_AUTO_TEST_CASE(one_who_has_not_heard_the_beginning_is_not_reminded) {
  AlertOutbox outbox;
  outbox.add(notice(AlertPhase::Began));
  outbox.failed(kStart);
  outbox.add(notice(AlertPhase::Lasts));
  const AlertNotice* next = outbox.next(kStart + AlertOutbox::kRetryMax);
  BOOST_REQUIRE(next != nullptr);
  BOOST_TEST((next->phase == AlertPhase::Began));
}

BOOST_AUTO_TEST_CASE(digests_that_were_not_sent_are_added_up) {
  AlertOutbox outbox;
  AlertNotice first = notice(AlertPhase::Digest, kLetters);
  first.reasons = {{"refused", 2}};
  AlertNotice second = notice(AlertPhase::Digest, kLetters);
  second.since = kStart + Duration{1};
  second.reasons = {{"refused", 3}, {"too-large", 1}};
  outbox.add(first);
  outbox.add(second);
  const AlertNotice* next = outbox.next(kStart);
  BOOST_REQUIRE(next != nullptr);
  BOOST_TEST(next->reasons.at("refused") == 5U);
  BOOST_TEST(next->reasons.at("too-large") == 1U);
  BOOST_TEST(next->since.ms == kStart.ms);
}

BOOST_AUTO_TEST_CASE(failures_are_tried_again_ever_more_seldom_and_without_end) {
  AlertOutbox outbox;
  outbox.add(notice(AlertPhase::Began));
  Instant now = kStart;
  Duration before{0};
  for (int i = 0; i < 100; ++i) {
    BOOST_REQUIRE(outbox.next(now) != nullptr);
    outbox.failed(now);
    BOOST_TEST(outbox.next(now) == nullptr);
    const Instant again = outbox.next_wakeup().value_or(kStart);
    BOOST_TEST((again - now >= before));
    BOOST_TEST((again - now <= AlertOutbox::kRetryMax));
    before = again - now;
    now = again;
  }
  BOOST_TEST((before == AlertOutbox::kRetryMax));
  outbox.failed(now);
  outbox.try_at_once();
  BOOST_TEST(outbox.next(now) != nullptr);
}

BOOST_AUTO_TEST_SUITE_END()
