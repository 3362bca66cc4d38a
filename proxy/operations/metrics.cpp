#include "proxy/operations/metrics.hpp"

#include <algorithm>
#include <atomic>
#include <map>

#include <prometheus/text_serializer.h>

#include "proxy/operations/destination_metrics.hpp"
#include "proxy/operations/metric_families.hpp"

namespace waypost::relay {
namespace {

using prometheus::Counter;
using prometheus::Family;
using prometheus::Gauge;
using prometheus::Histogram;

const Histogram::BucketBoundaries kCommitBuckets{0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025,
                                                 0.05,   0.1,   0.25,   1.0,   5.0};

// Counters of one label, kept at hand: looking one up by its labels takes a lock.
constexpr std::size_t kStatusesMax = 600;

struct OrganisationCounters {
  Counter& accepted;
  Counter& duplicate;
  Counter& conflict;
  Counter& rejected;
};

}  // namespace

struct Metrics::Families {
  prometheus::Registry registry;
  Family<Counter>& requests = counter(registry, "waypost_ingest_requests_total",
                                      "Answers on the public listener, by status.");
  Family<Counter>& statements = counter(registry, "waypost_ingest_statements_total",
                                        "Statements received, by what became of them.");
  Histogram& commit_seconds =
      histogram(registry, "waypost_commit_seconds",
                "From handing statements to the store until they were on disk.")
          .Add({}, kCommitBuckets);
  Family<Gauge>& queue_bytes =
      gauge(registry, "waypost_queue_bytes", "Bytes of the statements that wait.");
  Family<Gauge>& queue_bytes_max = gauge(registry, "waypost_queue_bytes_max",
                                         "How many bytes of statements may wait, as configured.");
  Gauge& stalled = gauge(registry, "waypost_store_stalled_seconds",
                         "How long the disk has stood still; 0 while it answers.")
                       .Add({});
  Gauge& connections =
      gauge(registry, "waypost_connections", "Open connections of the public listener.").Add({});
  Gauge& disk_free =
      gauge(registry, "waypost_store_disk_free_bytes", "Room that is left where the store is.")
          .Add({});
  Gauge& disk_size =
      gauge(registry, "waypost_store_disk_size_bytes", "Size of the store's file system.").Add({});
  Family<Counter>& alerts =
      counter(registry, "waypost_alerts_total", "Attempts to send an alert, by result.");
  std::array<std::atomic<Counter*>, kStatusesMax> by_status{};
  std::map<std::string, OrganisationCounters, std::less<>> organisations;
  DestinationMetrics destinations{registry};
};

Metrics::Metrics(const std::vector<std::string>& organisations,
                 const std::vector<DestinationLabels>& destinations)
    : families_(std::make_unique<Families>()) {
  Families& all = *families_;
  for (const std::string& name : organisations) {
    const auto of = [&](const char* result) -> Counter& {
      return all.statements.Add({{"organisation", name}, {"result", result}});
    };
    all.organisations.emplace(name, OrganisationCounters{of("accepted"), of("duplicate"),
                                                         of("conflict"), of("rejected")});
  }
  for (const DestinationLabels& destination : destinations) all.destinations.add(destination);
}

Metrics::~Metrics() = default;

void Metrics::answered(unsigned status) {
  auto& place = families_->by_status.at(status);
  Counter* counter = place.load(std::memory_order_acquire);
  if (counter == nullptr) {
    counter = &families_->requests.Add({{"code", std::to_string(status)}});
    place.store(counter, std::memory_order_release);
  }
  counter->Increment();
}

void Metrics::appended(std::string_view organisation, const AppendOutcome& outcome) {
  const auto found = families_->organisations.find(organisation);
  if (found == families_->organisations.end()) return;
  std::array<std::size_t, 3> counts{};
  for (const AppendResult result : outcome.results) ++counts.at(static_cast<std::size_t>(result));
  const auto add = [&](Counter& counter, AppendResult result) {
    const std::size_t count = counts.at(static_cast<std::size_t>(result));
    if (count > 0) counter.Increment(static_cast<double>(count));
  };
  add(found->second.accepted, AppendResult::Accepted);
  add(found->second.duplicate, AppendResult::Duplicate);
  add(found->second.conflict, AppendResult::Conflict);
}

void Metrics::refused(std::string_view organisation, std::size_t statements) {
  const auto found = families_->organisations.find(organisation);
  if (found == families_->organisations.end() || statements == 0) return;
  found->second.rejected.Increment(static_cast<double>(statements));
}

void Metrics::committed(std::chrono::steady_clock::duration took) {
  families_->commit_seconds.Observe(std::chrono::duration<double>(took).count());
}

void Metrics::readdress(const DestinationLabels& destination) {
  families_->destinations.readdress(destination);
}

void Metrics::lrs_answered(DestinationId destination, int status, std::chrono::milliseconds took) {
  families_->destinations.answered(destination, status, took);
}

void Metrics::delivered(DestinationId destination, std::size_t statements) {
  families_->destinations.delivered(destination, statements);
}

void Metrics::condition(DestinationId destination, delivery::Condition condition, bool raised) {
  families_->destinations.condition(destination, condition, raised);
}

void Metrics::ledger(DestinationId destination, const Ledger& ledger, Instant now) {
  families_->destinations.ledger(destination, ledger, now);
}

void Metrics::queue(const std::string& organisation, std::int64_t bytes, std::int64_t bytes_max) {
  const prometheus::Labels labels{{"organisation", organisation}};
  families_->queue_bytes.Add(labels).Set(static_cast<double>(bytes));
  families_->queue_bytes_max.Add(labels).Set(static_cast<double>(bytes_max));
}

void Metrics::connections(std::size_t open) {
  families_->connections.Set(static_cast<double>(open));
}

void Metrics::stalled(Duration duration) {
  families_->stalled.Set(static_cast<double>(duration.ms) / 1000);
}

void Metrics::disk(std::uint64_t free_bytes, std::uint64_t size_bytes) {
  families_->disk_free.Set(static_cast<double>(free_bytes));
  families_->disk_size.Set(static_cast<double>(size_bytes));
}

void Metrics::certificate(DestinationId destination, Instant ends) {
  families_->destinations.certificate(destination, ends);
}

void Metrics::alert(std::string_view channel, bool sent) {
  families_->alerts.Add({{"channel", std::string(channel)}, {"result", sent ? "sent" : "failed"}})
      .Increment();
}

std::string Metrics::text() const {
  return prometheus::TextSerializer().Serialize(families_->registry.Collect());
}

}  // namespace waypost::relay
