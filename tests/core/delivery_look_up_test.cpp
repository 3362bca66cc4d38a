#include <algorithm>
#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <utility>
#include <variant>
#include <vector>

#include <boost/test/unit_test.hpp>

#include "core/delivery_lrs.hpp"
#include "waypost/limits.hpp"

// What the engine asks an LRS that may have a statement already.
namespace {

namespace delivery = waypost::delivery;
namespace limits = waypost::limits;
using namespace waypost::tests;

}  // namespace

BOOST_TEST_SPECIALIZED_COLLECTION_COMPARE(std::vector<Key>)

BOOST_AUTO_TEST_SUITE(delivery_look_up)

BOOST_AUTO_TEST_CASE(a_conflict_is_looked_up_when_it_is_alone) {
  const std::map<Found, std::optional<BurialReason>> cases{
      {Found::Equal, std::nullopt},
      {Found::Unreadable, std::nullopt},
      {Found::Different, BurialReason::Conflict},
      {Found::Absent, BurialReason::Unresolved}};
  for (const auto& [found, reason] : cases) {
    Lrs lrs(refuses({30}, 409));
    lrs.find = [answer = found](Key) { return answer; };
    lrs.enqueue(1, 100);
    lrs.run();
    BOOST_TEST(lrs.stored.size() == 99U);
    const std::size_t asked = found == Found::Absent ? limits::kAbsencesMax : 1;
    BOOST_TEST(lrs.looked_up == Keys(asked, 30));
    if (reason) {
      BOOST_TEST((lrs.buried.at(30) == *reason));
    } else {
      BOOST_TEST(lrs.already_there.at(30) == (found == Found::Equal));
    }
  }
}

BOOST_AUTO_TEST_CASE(a_batch_whose_answer_got_lost_is_read_back_before_it_is_halved) {
  // ADL's LRS answers 409 to what it has, even when it is the same.
  int request = 0;
  Lrs lrs([&request](const Keys&) {
    return ++request == 1 ? failure(delivery::Failure::Reset) : status(409);
  });
  lrs.find = [](Key) { return Found::Equal; };
  lrs.enqueue(1, 100);
  lrs.run();
  BOOST_TEST(lrs.waiting().empty());
  BOOST_TEST(lrs.already_there.size() == 100U);
  BOOST_TEST(lrs.requests.size() == 2U);
  BOOST_TEST(lrs.looked_up.size() == 100U);
}

BOOST_AUTO_TEST_CASE(what_an_earlier_run_left_may_be_stored_already) {
  delivery::Engine engine({}, 1);
  engine.started({1'000});
  engine.next_action();
  std::vector<delivery::Entry> left(3);
  for (std::size_t i = 0; i < left.size(); ++i) left[i].key = static_cast<Key>(i + 1);
  engine.loaded(left, false, {1'000});
  const auto send = std::get<delivery::Send>(engine.next_action().value());
  engine.outcome(send.batch, status(409), {1'000});
  for (Key key = 1; key <= 3; ++key) {
    const auto asked = std::get<delivery::LookUp>(engine.next_action().value());
    BOOST_TEST(asked.key == key);
    engine.looked_up(asked.request, Found::Equal, {1'000});
    BOOST_TEST(std::get<delivery::AlreadyThere>(engine.next_action().value()).key == key);
  }
  BOOST_TEST(!engine.next_action().has_value());
}

BOOST_AUTO_TEST_CASE(a_probe_that_meets_a_conflict_ends_the_block) {
  Lrs lrs([](const Keys&) { return status(401); });
  lrs.find = [](Key) { return Found::Different; };
  lrs.enqueue(1, 1);
  lrs.answer_by([](const Keys&) { return status(409); });
  lrs.run();
  BOOST_TEST(!lrs.blocked.has_value());
  BOOST_TEST((lrs.buried.at(1) == BurialReason::Conflict));
}

BOOST_AUTO_TEST_CASE(reading_back_ends_with_the_first_that_is_not_there) {
  int request = 0;
  const auto then = refuses({30});
  Lrs lrs([&](const Keys& keys) {
    return ++request == 1 ? failure(delivery::Failure::Timeout) : then(keys);
  });
  lrs.enqueue(1, 100);
  lrs.run();
  BOOST_TEST(lrs.looked_up == Keys{1});
  BOOST_TEST(lrs.stored.size() == 99U);
  BOOST_TEST(lrs.buried.size() == 1U);
}

BOOST_AUTO_TEST_SUITE_END()
