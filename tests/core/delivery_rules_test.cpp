#include <cstdint>
#include <utility>
#include <vector>

#include <boost/test/unit_test.hpp>

#include "waypost/delivery/backoff.hpp"
#include "waypost/delivery/burial.hpp"
#include "waypost/delivery/condition.hpp"
#include "waypost/delivery/selection.hpp"
#include "waypost/delivery/verdict.hpp"
#include "waypost/limits.hpp"

namespace delivery = waypost::delivery;
namespace limits = waypost::limits;
using delivery::Extent;
using delivery::Failure;
using delivery::Hop;
using delivery::Key;
using delivery::Verdict;
using waypost::Duration;

namespace {

Verdict verdict(Hop hop, int status, Extent extent = Extent::None,
                Failure failure = Failure::None) {
  return delivery::verdict_of(hop, {.status = status,
                                    .failure = failure,
                                    .retry_after = std::nullopt,
                                    .extent = extent,
                                    .results = {}});
}

struct Row {
  Key key;
  const char* group;
  const char* lane;
  std::uint32_t bytes;
  std::int64_t next_at_ms;
};

delivery::Window window_of(const std::vector<Row>& rows) {
  delivery::Window window;
  for (const Row& row : rows) {
    window.insert({.entry = {.key = row.key,
                             .group = row.group,
                             .lane = row.lane,
                             .bytes = row.bytes,
                             .attempts = 0,
                             .next_at = {row.next_at_ms}},
                   .since = {0},
                   .due = false});
  }
  return window;
}

const delivery::BatchBounds kBounds{
    .interval = {1'000}, .count_max = 4, .count_soon = 3, .bytes_max = 100};

std::vector<Key> batch(const std::vector<Row>& rows, std::int64_t now_ms,
                       const delivery::BatchBounds& bounds = kBounds) {
  return delivery::select_batch(window_of(rows), bounds, {now_ms}).keys;
}

using Keys = std::vector<Key>;

}  // namespace

BOOST_TEST_SPECIALIZED_COLLECTION_COMPARE(std::vector<Key>)

BOOST_AUTO_TEST_SUITE(delivery_rules)

BOOST_AUTO_TEST_CASE(verdicts_of_an_lrs) {
  for (const int status : {200, 204}) {
    BOOST_TEST((verdict(Hop::Lrs, status, Extent::Whole) == Verdict::Stored), status);
    BOOST_TEST((verdict(Hop::Lrs, status, Extent::PerEntry) == Verdict::Stored), status);
    BOOST_TEST((verdict(Hop::Lrs, status, Extent::None) == Verdict::Blocked), status);
  }
  const std::vector<std::pair<int, Verdict>> others{
      {400, Verdict::Refused},     {422, Verdict::Refused},  {403, Verdict::Forbidden},
      {409, Verdict::Conflict},    {413, Verdict::TooLarge}, {429, Verdict::SlowDown},
      {500, Verdict::ServerError},
  };
  for (const auto& [status, expected] : others) {
    BOOST_TEST((verdict(Hop::Lrs, status, Extent::Whole) == expected), status);
  }
  for (const int status : {408, 425, 501, 502, 503, 504, 507, 599}) {
    BOOST_TEST((verdict(Hop::Lrs, status, Extent::Whole) == Verdict::Outage), status);
  }
  for (const int status :
       {100, 201, 202, 206, 301, 302, 307, 401, 402, 404, 405, 406, 410, 415, 451, 499, 600}) {
    BOOST_TEST((verdict(Hop::Lrs, status, Extent::Whole) == Verdict::Blocked), status);
  }
}

BOOST_AUTO_TEST_CASE(verdicts_of_a_relay) {
  BOOST_TEST((verdict(Hop::Relay, 200, Extent::PerEntry) == Verdict::Stored));
  for (const int status : {200, 204, 201, 408, 425, 500, 503, 507}) {
    BOOST_TEST((verdict(Hop::Relay, status, Extent::None) == Verdict::Outage), status);
    BOOST_TEST((verdict(Hop::Relay, status, Extent::Whole) == Verdict::Outage), status);
  }
  BOOST_TEST((verdict(Hop::Relay, 204, Extent::PerEntry) == Verdict::Outage));
  BOOST_TEST((verdict(Hop::Relay, 429) == Verdict::SlowDown));
  BOOST_TEST((verdict(Hop::Relay, 413) == Verdict::TooLarge));
  for (const int status : {302, 400, 401, 403, 404, 409, 415, 422}) {
    BOOST_TEST((verdict(Hop::Relay, status, Extent::PerEntry) == Verdict::Blocked), status);
  }
}

BOOST_AUTO_TEST_CASE(a_block_has_a_cause) {
  using delivery::BlockCause;
  const auto cause = [](int status, Failure failure = Failure::None) {
    delivery::Outcome outcome;
    outcome.status = status;
    outcome.failure = failure;
    return delivery::block_cause_of(outcome);
  };
  BOOST_TEST((cause(401) == BlockCause::Unauthorized));
  BOOST_TEST((cause(403) == BlockCause::Forbidden));
  BOOST_TEST((cause(0, Failure::Tls) == BlockCause::Tls));
  for (const int status : {200, 201, 302, 404, 405}) {
    BOOST_TEST((cause(status) == BlockCause::Endpoint), status);
  }
}

BOOST_AUTO_TEST_CASE(an_answer_that_got_lost_may_have_said_that_all_is_stored) {
  const auto may_be_stored = [](int status, Failure failure) {
    delivery::Outcome outcome;
    outcome.status = status;
    outcome.failure = failure;
    return delivery::may_be_stored(outcome);
  };
  for (const Failure failure : {Failure::Timeout, Failure::Reset, Failure::Network}) {
    BOOST_TEST(may_be_stored(0, failure));
  }
  for (const Failure failure : {Failure::Refused, Failure::Dns, Failure::Tls}) {
    BOOST_TEST(!may_be_stored(0, failure));
  }
  for (const int status : {408, 500, 502, 504}) {
    BOOST_TEST(may_be_stored(status, Failure::None), status);
  }
  for (const int status : {400, 401, 404, 413, 429}) {
    BOOST_TEST(!may_be_stored(status, Failure::None), status);
  }
}

BOOST_AUTO_TEST_CASE(no_answer_is_an_outage_save_for_tls) {
  for (const Hop hop : {Hop::Lrs, Hop::Relay}) {
    for (const Failure failure : {Failure::Timeout, Failure::Refused, Failure::Reset, Failure::Dns,
                                  Failure::Network, Failure::None}) {
      BOOST_TEST((verdict(hop, 0, Extent::None, failure) == Verdict::Outage));
    }
    BOOST_TEST((verdict(hop, 0, Extent::None, Failure::Tls) == Verdict::Blocked));
    BOOST_TEST((verdict(hop, 200, Extent::Whole, Failure::Reset) == Verdict::Outage));
  }
}

BOOST_AUTO_TEST_CASE(backoff_doubles_to_its_cap_and_jitters_after_it) {
  using delivery::longest_backoff;
  BOOST_TEST(longest_backoff({1'000}, 0).ms == 1'000);
  BOOST_TEST(longest_backoff({1'000}, 3).ms == 8'000);
  BOOST_TEST(longest_backoff({1'000}, 9).ms == limits::kBackoffMaxMs);
  BOOST_TEST(longest_backoff({1'000}, 4'000'000'000U).ms == limits::kBackoffMaxMs);
  BOOST_TEST(longest_backoff({0}, 0).ms == 1);

  waypost::Random random(7);
  std::int64_t least = limits::kBackoffMaxMs;
  std::int64_t most = 0;
  std::int64_t sum = 0;
  for (int i = 0; i < 2'000; ++i) {
    const auto drawn = delivery::backoff(random, {1'000}, 40, std::nullopt).ms;
    least = std::min(least, drawn);
    most = std::max(most, drawn);
    sum += drawn;
  }
  BOOST_TEST(least < 3'000);
  BOOST_TEST((most > 297'000 && most <= limits::kBackoffMaxMs));
  BOOST_TEST((sum / 2'000 > 140'000 && sum / 2'000 < 160'000));
}

BOOST_AUTO_TEST_CASE(retry_after_is_the_least_wait_and_has_its_own_cap) {
  waypost::Random random(7);
  const auto wait = [&](std::int64_t asked_ms) {
    return delivery::backoff(random, {1'000}, 0, Duration{asked_ms}).ms;
  };
  BOOST_TEST(wait(60'000) == 60'000);
  BOOST_TEST(wait(std::int64_t{1} << 60U) == limits::kRetryAfterMaxMs);
  BOOST_TEST((wait(-5) >= 0 && wait(-5) <= 1'000));
}

BOOST_AUTO_TEST_CASE(conditions_have_stable_words) {
  BOOST_TEST(delivery::word(delivery::Condition::Outage) == "outage");
  BOOST_TEST(delivery::word(delivery::Condition::Blocked) == "blocked");
}

BOOST_AUTO_TEST_CASE(causes_and_reasons_have_stable_words) {
  using delivery::BlockCause;
  using delivery::BurialReason;
  BOOST_TEST(delivery::word(BlockCause::Unauthorized) == "unauthorized");
  BOOST_TEST(delivery::word(BlockCause::Forbidden) == "forbidden");
  BOOST_TEST(delivery::word(BlockCause::Endpoint) == "endpoint");
  BOOST_TEST(delivery::word(BlockCause::Tls) == "tls");
  BOOST_TEST(delivery::word(BlockCause::Suspect) == "suspect");
  BOOST_TEST(delivery::word(BurialReason::Refused) == "refused");
  BOOST_TEST(delivery::word(BurialReason::TooLarge) == "too-large");
  BOOST_TEST(delivery::word(BurialReason::ServerError) == "server-error");
  BOOST_TEST(delivery::word(BurialReason::Conflict) == "conflict");
  BOOST_TEST(delivery::word(BurialReason::Unresolved) == "unresolved");
  BOOST_TEST(delivery::word(BurialReason::Forbidden) == "forbidden");
}

BOOST_AUTO_TEST_CASE(a_batch_closes_by_interval_count_or_bytes) {
  const std::vector<Row> two{{1, "g", "a", 10, 0}, {2, "g", "b", 10, 0}};
  BOOST_TEST(batch(two, 999) == Keys{});
  BOOST_TEST(batch(two, 1'000) == (Keys{1, 2}));
  BOOST_TEST(batch({{1, "g", "a", 1, 0}, {2, "g", "b", 1, 0}, {3, "g", "c", 1, 0}}, 0) ==
             (Keys{1, 2, 3}));
  BOOST_TEST(batch({{1, "g", "a", 60, 0}, {2, "g", "b", 40, 0}}, 0) == (Keys{1, 2}));
  BOOST_TEST(batch({{1, "g", "a", 60, 0}, {2, "g", "b", 41, 0}}, 0) == Keys{1});
  BOOST_TEST(batch({{1, "g", "a", 500, 0}, {2, "g", "b", 1, 0}}, 0) == Keys{1});
}

BOOST_AUTO_TEST_CASE(a_batch_has_a_bound_and_one_group) {
  std::vector<Row> many;
  for (Key key = 1; key <= 9; ++key) many.push_back({key, "g", "a", 1, 0});
  BOOST_TEST(batch(many, 0) == (Keys{1, 2, 3, 4}));
  const std::vector<Row> mixed{
      {1, "x", "a", 1, 0}, {2, "y", "b", 1, 0}, {3, "x", "a", 1, 0}, {4, "y", "b", 1, 0}};
  BOOST_TEST(batch(mixed, 0) == Keys{});
  BOOST_TEST(batch(mixed, 1'000) == (Keys{1, 3}));
}

BOOST_AUTO_TEST_CASE(an_entry_that_waits_holds_back_its_lane_only) {
  const std::vector<Row> rows{{1, "g", "a", 1, 5'000}, {2, "g", "a", 1, 0}, {3, "g", "b", 1, 0}};
  BOOST_TEST(batch(rows, 1'000) == Keys{3});
  BOOST_TEST(batch(rows, 5'000) == (Keys{1, 2, 3}));
}

BOOST_AUTO_TEST_CASE(a_lane_keeps_its_order_across_groups) {
  // Group y alone has enough to go, but its lane's first entry goes with group x.
  const std::vector<Row> rows{{1, "x", "a", 1, 0},
                              {2, "y", "a", 1, 0},
                              {3, "y", "a", 1, 0},
                              {4, "y", "a", 1, 0},
                              {5, "x", "a", 1, 0}};
  BOOST_TEST(batch(rows, 0) == Keys{});
  BOOST_TEST(batch(rows, 1'000) == Keys{1});
}

BOOST_AUTO_TEST_CASE(says_when_to_look_again) {
  const auto window = window_of({{1, "g", "a", 30, 0}, {2, "g", "b", 10, 700}});
  const auto selection = delivery::select_batch(window, kBounds, {0});
  BOOST_TEST(selection.keys.empty());
  BOOST_TEST(selection.look_again_at->ms == 700);
  BOOST_TEST(selection.count_missing == 2U);
  BOOST_TEST(selection.bytes_missing == 70U);
}

BOOST_AUTO_TEST_CASE(probes_take_heads_of_lanes_first_then_any_and_none_twice) {
  const auto window = window_of(
      {{1, "g", "a", 1, 0}, {2, "g", "a", 1, 0}, {3, "g", "b", 1, 0}, {4, "g", "c", 1, 9'000}});
  Keys probed;
  for (const Key expected : {1, 3, 2}) {
    const auto keys = delivery::select_probe(window, probed, delivery::Candidates::Any, {0}).keys;
    BOOST_TEST(keys == Keys{expected});
    probed.push_back(expected);
  }
  const auto none = delivery::select_probe(window, probed, delivery::Candidates::Any, {0});
  BOOST_TEST(none.keys.empty());
  BOOST_TEST(none.look_again_at->ms == 9'000);
}

BOOST_AUTO_TEST_SUITE_END()
