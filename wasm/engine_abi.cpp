#include <cstring>
#include <limits>
#include <optional>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "abi.hpp"
#include "number.hpp"
#include "waypost/delivery/engine.hpp"
#include "waypost/error.hpp"

namespace delivery = waypost::delivery;
using waypost::Duration;
using waypost::ErrorCode;
using waypost::Instant;
using waypost::wasm::enumerator_of;
using waypost::wasm::integer_of;
using waypost::wasm::unsigned_of;

struct WaypostEngine {
  WaypostReply reply{};
  delivery::Engine engine;
  std::vector<double> numbers;  // what the reply shows

  void show() {
    reply = {numbers.data(), static_cast<std::uint32_t>(numbers.size() * sizeof(double))};
  }
};

namespace {

constexpr auto kDone = static_cast<std::int32_t>(ErrorCode::None);
constexpr auto kBadRequest = static_cast<std::int32_t>(ErrorCode::BadRequest);

std::optional<delivery::Settings> settings_from(const double* numbers) {
  const auto hop = enumerator_of(numbers[0], delivery::Hop::Relay);
  const auto interval_ms = integer_of(numbers[1]);
  const auto count_max = unsigned_of<std::size_t>(numbers[2]);
  const auto count_soon = unsigned_of<std::size_t>(numbers[3]);
  const auto bytes_max = unsigned_of<std::size_t>(numbers[4]);
  const auto backoff_base_ms = integer_of(numbers[5]);
  if (!hop || !interval_ms || !count_max || !count_soon || !bytes_max || !backoff_base_ms) {
    return std::nullopt;
  }
  delivery::Settings settings;
  settings.hop = *hop;
  settings.interval = {*interval_ms};
  settings.batch_count_max = *count_max;
  settings.batch_count_soon = *count_soon;
  settings.batch_bytes_max = *bytes_max;
  settings.backoff_base = {*backoff_base_ms};
  return settings;
}

// The records of entries, as abi.hpp lays them out.
class Records {
 public:
  Records(const char* at, std::uint32_t bytes) : at_(at), left_(bytes) {}

  bool empty() const { return left_ == 0; }

  std::optional<delivery::Entry> take();

 private:
  struct Head {
    double key;
    double bytes;
    double attempts;
    double next_at_ms;
    std::uint32_t group_bytes;
    std::uint32_t lane_bytes;
  };

  const char* at_;
  std::size_t left_;
};

std::optional<delivery::Entry> Records::take() {
  Head head{};
  if (left_ < sizeof(head)) return std::nullopt;
  std::memcpy(&head, at_, sizeof(head));
  const std::size_t text_max = left_ - sizeof(head);
  if (head.group_bytes > text_max || head.lane_bytes > text_max - head.group_bytes) {
    return std::nullopt;
  }
  const auto key = integer_of(head.key);
  const auto bytes = unsigned_of<std::uint32_t>(head.bytes);
  const auto attempts = unsigned_of<std::uint32_t>(head.attempts);
  const auto next_at_ms = integer_of(head.next_at_ms);
  if (!key || *key <= 0 || !bytes || !attempts || !next_at_ms) return std::nullopt;

  delivery::Entry entry;
  entry.key = *key;
  const char* const group = at_ + sizeof(head);
  entry.group.assign(group, head.group_bytes);
  entry.lane.assign(group + head.group_bytes, head.lane_bytes);
  entry.bytes = *bytes;
  entry.attempts = *attempts;
  entry.next_at = {*next_at_ms};

  const std::size_t used = sizeof(head) + head.group_bytes + head.lane_bytes;
  const std::size_t padded = (used + 7) / 8 * 8;
  if (padded > left_) return std::nullopt;
  at_ += padded;
  left_ -= padded;
  return entry;
}

std::optional<delivery::Outcome> outcome_from(const double* numbers, std::uint32_t count) {
  constexpr std::uint32_t kHead = 5;
  if (count < kHead || (count - kHead) % 2 != 0) return std::nullopt;
  const auto status = unsigned_of<int>(numbers[1]);
  const auto failure = enumerator_of(numbers[2], delivery::Failure::Network);
  const auto extent = enumerator_of(numbers[4], delivery::Extent::PerEntry);
  if (!status || !failure || !extent) return std::nullopt;
  delivery::Outcome outcome;
  outcome.status = *status;
  outcome.failure = *failure;
  outcome.extent = *extent;
  // A wait that is no number was none; one beyond all bounds is bounded by the engine.
  if (const auto retry_after_ms = integer_of(numbers[3])) {
    outcome.retry_after = Duration{*retry_after_ms};
  }
  for (std::uint32_t at = kHead; at < count; at += 2) {
    const auto key = integer_of(numbers[at]);
    const auto answer = enumerator_of(numbers[at + 1], delivery::EntryAnswer::Refused);
    if (!key || !answer) return std::nullopt;
    outcome.results.push_back({*key, *answer});
  }
  return outcome;
}

// Tells the engine a fact that is no more than its time.
template <typename Tell>
std::int32_t tell_at(double now_ms, Tell tell) {
  const auto now = integer_of(now_ms);
  if (!now) return kBadRequest;
  tell(Instant{*now});
  return kDone;
}

double number_of(std::int64_t value) {
  return static_cast<double>(value);
}

double number_of(std::uint64_t value) {
  return static_cast<double>(value);
}

void append_keys(std::vector<double>& to, const std::vector<delivery::Key>& keys) {
  for (const delivery::Key key : keys) to.push_back(number_of(key));
}

void encode(std::vector<double>& to, const delivery::Load& load) {
  to = {0, number_of(load.after_key), static_cast<double>(load.count_max)};
}

void encode(std::vector<double>& to, const delivery::Send& send) {
  to = {1, number_of(send.batch), send.probe ? 1.0 : 0.0};
  append_keys(to, send.keys);
}

void encode(std::vector<double>& to, const delivery::Remove& remove) {
  to = {2};
  append_keys(to, remove.keys);
}

void encode(std::vector<double>& to, const delivery::Defer& defer) {
  to = {3, number_of(defer.until.ms)};
  append_keys(to, defer.keys);
}

void encode(std::vector<double>& to, const delivery::Bury& bury) {
  to = {4, number_of(bury.key)};
}

void encode(std::vector<double>& to, const delivery::Report& report) {
  to = {5, static_cast<double>(report.condition), report.raised ? 1.0 : 0.0,
        static_cast<double>(report.status), static_cast<double>(report.failure)};
}

void encode(std::vector<double>& to, const delivery::LookUp& look_up) {
  to = {6, number_of(look_up.request), number_of(look_up.key)};
}

void encode(std::vector<double>& to, const delivery::AlreadyThere& already_there) {
  to = {7, number_of(already_there.key), already_there.verified ? 1.0 : 0.0};
}

}  // namespace

WaypostEngine* waypost_create_engine(const double* settings, std::uint32_t seed_low,
                                     std::uint32_t seed_high) {
  const auto read = settings_from(settings);
  if (!read) return nullptr;
  const std::uint64_t seed = (static_cast<std::uint64_t>(seed_high) << 32U) | seed_low;
  return new WaypostEngine{.reply = {}, .engine = delivery::Engine(*read, seed), .numbers = {}};
}

void waypost_destroy_engine(WaypostEngine* engine) {
  delete engine;
}

std::int32_t waypost_tell_started(WaypostEngine* engine, double now_ms) {
  return tell_at(now_ms, [&](Instant now) { engine->engine.started(now); });
}

std::int32_t waypost_tell_enqueued(WaypostEngine* engine, const char* records, std::uint32_t bytes,
                                   double now_ms) {
  Records entries(records, bytes);
  auto entry = entries.take();
  if (!entry || !entries.empty()) return kBadRequest;
  return tell_at(now_ms, [&](Instant now) { engine->engine.enqueued(std::move(*entry), now); });
}

std::int32_t waypost_tell_loaded(WaypostEngine* engine, const char* records, std::uint32_t bytes,
                                 std::uint32_t more, double now_ms) {
  std::vector<delivery::Entry> loaded;
  for (Records entries(records, bytes); !entries.empty();) {
    auto entry = entries.take();
    if (!entry) return kBadRequest;
    loaded.push_back(std::move(*entry));
  }
  return tell_at(now_ms,
                 [&](Instant now) { engine->engine.loaded(std::move(loaded), more != 0, now); });
}

std::int32_t waypost_tell_outcome(WaypostEngine* engine, const double* outcome, std::uint32_t count,
                                  double now_ms) {
  const auto read = outcome_from(outcome, count);
  const auto batch = read ? integer_of(outcome[0]) : std::nullopt;
  if (!batch) return kBadRequest;
  return tell_at(now_ms, [&](Instant now) {
    engine->engine.outcome(static_cast<delivery::BatchId>(*batch), *read, now);
  });
}

std::int32_t waypost_tell_timer(WaypostEngine* engine, double now_ms) {
  return tell_at(now_ms, [&](Instant now) { engine->engine.timer(now); });
}

std::int32_t waypost_tell_flush(WaypostEngine* engine, double now_ms) {
  return tell_at(now_ms, [&](Instant now) { engine->engine.flush(now); });
}

std::int32_t waypost_tell_online(WaypostEngine* engine, double now_ms) {
  return tell_at(now_ms, [&](Instant now) { engine->engine.online(now); });
}

std::int32_t waypost_tell_settings(WaypostEngine* engine, const double* settings, double now_ms) {
  const auto read = settings_from(settings);
  if (!read) return kBadRequest;
  return tell_at(now_ms, [&](Instant now) { engine->engine.settings_changed(*read, now); });
}

std::int32_t waypost_tell_stopping(WaypostEngine* engine, double now_ms) {
  return tell_at(now_ms, [&](Instant now) { engine->engine.stopping(now); });
}

std::int32_t waypost_take_action(WaypostEngine* engine) {
  engine->numbers.clear();
  if (const auto action = engine->engine.next_action()) {
    std::visit([&](const auto& one) { encode(engine->numbers, one); }, *action);
  }
  engine->show();
  return kDone;
}

double waypost_read_wakeup(const WaypostEngine* engine) {
  const auto wakeup = engine->engine.next_wakeup();
  return wakeup ? number_of(wakeup->ms) : std::numeric_limits<double>::quiet_NaN();
}
