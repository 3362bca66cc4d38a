#include <optional>
#include <variant>

#include "delivery_bench.hpp"

namespace delivery = waypost::delivery;
namespace limits = waypost::limits;
using delivery::Hop;
using delivery::Key;
using waypost::tests::Bench;
using waypost::tests::entry;
using waypost::tests::Keys;
using waypost::tests::settings_for;
using waypost::tests::stored;

// What of a queue the engine holds, and how it reads the rest.
BOOST_AUTO_TEST_SUITE(delivery_window)

BOOST_AUTO_TEST_CASE(entries_of_an_earlier_run_are_due_at_once) {
  delivery::Engine engine(settings_for(Hop::Lrs), 1);
  engine.started({1'000});
  const auto load = std::get<delivery::Load>(engine.next_action().value());
  BOOST_TEST(load.after_key == 0);
  BOOST_TEST(load.count_max == limits::kEngineWindowDefault);
  engine.loaded({entry(3), entry(8)}, false, {1'000});
  BOOST_TEST(std::get<delivery::Send>(engine.next_action().value()).keys == (Keys{3, 8}));
}

BOOST_AUTO_TEST_CASE(a_window_is_as_large_as_set_within_its_bounds) {
  const auto loaded_at_once = [](std::size_t count) {
    delivery::Settings settings = settings_for(Hop::Lrs);
    settings.window_count_max = count;
    delivery::Engine engine(settings, 1);
    engine.started({1'000});
    return std::get<delivery::Load>(engine.next_action().value()).count_max;
  };
  BOOST_TEST(loaded_at_once(2'500) == 2'500U);
  BOOST_TEST(loaded_at_once(1'000'000) == limits::kEngineWindowMax);
  BOOST_TEST(loaded_at_once(0) == limits::kEngineWindowDefault);
}

BOOST_AUTO_TEST_CASE(an_entry_enqueued_before_or_during_the_first_load_is_not_skipped) {
  delivery::Engine engine(settings_for(Hop::Lrs), 1);
  engine.enqueued(entry(5), {1'000});
  engine.started({1'000});
  engine.next_action();
  engine.enqueued(entry(6), {1'000});
  engine.loaded({entry(4), entry(5)}, false, {1'000});  // read before entry 6 was written
  BOOST_TEST(std::get<delivery::Load>(engine.next_action().value()).after_key == 5);
  const auto send = std::get<delivery::Send>(engine.next_action().value());
  BOOST_TEST(send.keys == (Keys{4, 5}));
  engine.loaded({entry(6)}, false, {1'000});
  engine.outcome(send.batch, stored(), {1'000});
  engine.next_action();
  BOOST_TEST(std::get<delivery::Send>(engine.next_action().value()).keys == Keys{6});
}

BOOST_AUTO_TEST_CASE(a_late_notice_of_what_a_load_has_told_is_ignored) {
  Bench bench;
  bench.engine.loaded({entry(1)}, false, {bench.now_ms});
  BOOST_TEST(bench.deliver() == Keys{1});
  bench.engine.enqueued(entry(1), {bench.now_ms});
  bench.engine.flush({bench.now_ms});
  BOOST_TEST(bench.idle());
}

BOOST_AUTO_TEST_CASE(the_window_is_bounded_and_the_rest_is_loaded_later) {
  Bench bench;
  const auto count = static_cast<Key>(limits::kEngineWindowDefault);
  bench.enqueue(1, count + 500);
  Keys sent;
  std::optional<delivery::Load> load;
  while (!load) {
    const auto send = bench.take<delivery::Send>();
    sent.insert(sent.end(), send.keys.begin(), send.keys.end());
    bench.answer(send, stored());
    bench.take<delivery::Remove>();
    // The next action may be the load, which comes before the next batch.
    if (sent.size() >= limits::kEngineLoadRoomMin) load = bench.take<delivery::Load>();
  }
  BOOST_TEST(load->after_key == count);
  BOOST_TEST(load->count_max == sent.size());
}

BOOST_AUTO_TEST_CASE(a_queue_that_cannot_be_read_is_asked_again_later) {
  delivery::Engine engine(settings_for(Hop::Lrs), 1);
  engine.started({1'000});
  engine.next_action();
  engine.loaded({}, true, {1'000});
  BOOST_TEST(!engine.next_action().has_value());
  BOOST_TEST(engine.next_wakeup()->ms == 1'000 + limits::kLoadRetryMs);
  engine.timer({1'000 + limits::kLoadRetryMs});
  BOOST_TEST(std::holds_alternative<delivery::Load>(engine.next_action().value()));
}

BOOST_AUTO_TEST_SUITE_END()
