#include "proxy/forwarding_fixture.hpp"

#include <algorithm>
#include <chrono>
#include <future>
#include <stdexcept>
#include <utility>

#include "proxy/operations/clock.hpp"
#include "proxy/running_lrs.hpp"
#include "proxy/store/sqlite_store.hpp"

namespace waypost::tests {

using relay::DestinationId;

void Recorder::tell(const std::function<void(Told& told)>& change) {
  {
    const std::lock_guard lock(mutex_);
    change(told_);
  }
  changed_.notify_all();
}

void Recorder::attempted(const relay::DeliveryAttempt& attempt) {
  tell([&](Told& told) {
    told.attempts.push_back({attempt.destination, std::string(attempt.url), attempt.statements,
                             attempt.probe, attempt.outcome.status, attempt.outcome.failure});
  });
}

void Recorder::delivered(DestinationId destination, std::size_t statements) {
  tell([&](Told& told) { told.delivered[destination] += statements; });
}

void Recorder::buried(relay::DestinationId /*destination*/, const relay::Burial& burial) {
  tell([&](Told& told) { told.burials.push_back(burial); });
}

void Recorder::condition_changed(DestinationId, const delivery::Report& report) {
  tell([&](Told& told) { told.reports.push_back(report); });
}

void Recorder::readdressed(DestinationId) {
  tell([](Told& told) { ++told.readdressed; });
}

void Recorder::trouble(DestinationId, std::string_view message) {
  tell([&](Told& told) { told.troubles.emplace_back(message); });
}

bool Recorder::await(const std::function<bool(const Told& told)>& so) {
  std::unique_lock lock(mutex_);
  return changed_.wait_for(lock, std::chrono::seconds(20), [&] { return so(told_); });
}

bool Recorder::await_delivered(DestinationId destination, std::size_t statements) {
  return await([&](const Told& told) {
    const auto found = told.delivered.find(destination);
    return found != told.delivered.end() && found->second >= statements;
  });
}

Recorder::Told Recorder::told() const {
  const std::lock_guard lock(mutex_);
  return told_;
}

Queue::Queue(const std::vector<std::string>& urls) {
  auto store = relay::SqliteStore::create(folder_.path());
  if (!store.value) throw std::runtime_error(store.error.message);
  std::vector<relay::DestinationName> names;
  for (const std::string& url : urls) names.push_back({"school", url});
  auto destinations = (*store.value)->register_destinations(names);
  if (!destinations.value) throw std::runtime_error(destinations.error.message);
  for (const relay::RegisteredDestination& registered : *destinations.value) {
    destinations_.push_back(registered.ids);
  }
  commits_ = std::make_unique<relay::GroupCommit>(
      std::make_unique<FaultyStore>(std::move(*store.value), faults_), relay::system_now);
}

std::vector<relay::CommittedEntry> Queue::append(std::size_t first, std::size_t count) {
  relay::AppendRequest request;
  request.organisation = destination().organisation;
  request.received = relay::system_now();
  for (std::size_t n = first; n < first + count; ++n) {
    relay::NewEntry entry;
    const std::string id = statement_id(n);
    entry.id = *Uuid::parse(id);
    entry.fingerprint.back() = static_cast<std::uint8_t>(n);
    entry.meaning.back() = static_cast<std::uint8_t>(n);
    entry.lane = "learner-" + std::to_string(n % 7);
    entry.bytes = text(n);
    request.entries.push_back(std::move(entry));
  }
  std::vector<relay::CommittedEntry> committed;
  for (const relay::NewEntry& entry : request.entries) {
    committed.push_back(
        {0, entry.lane, entry.id, static_cast<std::uint32_t>(entry.bytes.size()), entry.bytes});
  }
  std::promise<relay::StoreResult<relay::AppendOutcome>> promise;
  commits_->append(std::move(request), [&](relay::StoreResult<relay::AppendOutcome> result,
                                           const auto&) { promise.set_value(std::move(result)); });
  const auto result = promise.get_future().get();
  if (!result.value) throw std::runtime_error(result.error.message);
  for (std::size_t i = 0; i < count; ++i) committed[i].key = result.value->keys.at(i);
  return committed;
}

std::string Queue::text(std::size_t n) const {
  std::string text = statement_text(statement_id(n));
  constexpr std::string_view kVerb = "http://adlnet.gov/expapi/verbs/answered";
  if (poisoned.contains(n)) text.replace(text.find(kVerb), kVerb.size(), kPoisonVerb);
  return text;
}

relay::Ledger Queue::ledger(std::size_t n) {
  std::promise<relay::Ledger> promise;
  const bool asked = commits_->run([&](relay::Store& store) {
    promise.set_value(*store.ledger(destination(n).destination).value);
  });
  if (!asked) throw std::runtime_error("the store is stopping");
  return promise.get_future().get();
}

bool Queue::await_ledger(const std::function<bool(const relay::Ledger& ledger)>& so) {
  // Each question waits for the store's thread, so this does not spin.
  const auto last = std::chrono::steady_clock::now() + std::chrono::seconds(20);
  while (!so(ledger())) {
    if (std::chrono::steady_clock::now() > last) return false;
  }
  return true;
}

std::vector<relay::WaitingEntry> Queue::waiting() {
  std::promise<std::vector<relay::WaitingEntry>> promise;
  const bool asked = commits_->run([&](relay::Store& store) {
    promise.set_value(
        *store.load(destination().destination, 0, limits::kEngineWindowDefault).value);
  });
  if (!asked) throw std::runtime_error("the store is stopping");
  return promise.get_future().get();
}

relay::ForwarderSettings quick_settings(const Queue& queue, const std::vector<std::string>& urls) {
  relay::ForwarderSettings settings;
  for (std::size_t n = 0; n < urls.size(); ++n) {
    relay::ForwarderDestination destination;
    destination.ids = queue.destination(n);
    destination.endpoint = {urls[n], "practice-key", relay::Secret("practice-secret")};
    destination.delivery.interval = {0};
    destination.delivery.backoff_base = {1};
    settings.destinations.push_back(std::move(destination));
  }
  settings.lease_owner = "the relay under test";
  settings.seed = 1;
  return settings;
}

void Forwarding::start() {
  forwarder = std::make_unique<relay::Forwarder>(settings, queue.commits(), recorder);
  forwarder->start();
}

void Forwarding::commit(std::size_t first, std::size_t count) {
  forwarder->entries_committed(queue.destination().organisation, queue.append(first, count));
}

bool Forwarding::await_delivered(std::size_t count, std::size_t n) {
  return recorder.await_delivered(queue.destination(n).destination, count);
}

bool Forwarding::await_burials(std::size_t count) {
  return recorder.await([=](const Recorder::Told& told) { return told.burials.size() >= count; });
}

bool raised(const Recorder::Told& told, delivery::Condition condition) {
  return std::any_of(told.reports.begin(), told.reports.end(), [&](const auto& report) {
    return report.condition == condition && report.raised;
  });
}

bool cleared(const Recorder::Told& told, delivery::Condition condition) {
  return !told.reports.empty() && told.reports.back().condition == condition &&
         !told.reports.back().raised;
}

}  // namespace waypost::tests
