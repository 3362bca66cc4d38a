#include "proxy/operations/metrics.hpp"

#include <atomic>
#include <map>

#include <prometheus/counter.h>
#include <prometheus/family.h>
#include <prometheus/gauge.h>
#include <prometheus/histogram.h>
#include <prometheus/registry.h>
#include <prometheus/text_serializer.h>

namespace waypost::relay {
namespace {

using prometheus::Counter;
using prometheus::Family;
using prometheus::Gauge;
using prometheus::Histogram;

const Histogram::BucketBoundaries kCommitBuckets{0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025,
                                                 0.05,   0.1,   0.25,   1.0,   5.0};
const Histogram::BucketBoundaries kLrsBuckets{0.01, 0.05, 0.1, 0.25, 0.5, 1.0,
                                              2.5,  5.0,  10,  30,   60,  120};

// Counters of one label, kept at hand: looking one up by its labels takes a lock.
constexpr std::size_t kStatusesMax = 600;

struct OrganisationCounters {
  Counter& accepted;
  Counter& duplicate;
  Counter& conflict;
  Counter& rejected;
};

struct DestinationGauges {
  prometheus::Labels labels;
  Counter& delivered;
  Histogram& lrs_seconds;
  Gauge& accepted_statements;
  Gauge& delivered_statements;
  Gauge& waiting_statements;
  Gauge& imbalance;
};

Family<Counter>& counter(prometheus::Registry& registry, const char* name, const char* help) {
  return prometheus::BuildCounter().Name(name).Help(help).Register(registry);
}

Family<Gauge>& gauge(prometheus::Registry& registry, const char* name, const char* help) {
  return prometheus::BuildGauge().Name(name).Help(help).Register(registry);
}

Family<Histogram>& histogram(prometheus::Registry& registry, const char* name, const char* help) {
  return prometheus::BuildHistogram().Name(name).Help(help).Register(registry);
}

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
  Family<Counter>& lrs_requests = counter(registry, "waypost_lrs_requests_total",
                                          "Batches sent to an LRS, by status; 0 is no answer.");
  Family<Histogram>& lrs_seconds =
      histogram(registry, "waypost_lrs_seconds", "How long an LRS took to answer a batch.");
  Family<Counter>& delivered = counter(registry, "waypost_delivered_total",
                                       "Statements that an LRS stored since this start.");
  Family<Gauge>& ledger_accepted = gauge(registry, "waypost_ledger_accepted_statements",
                                         "Statements ever accepted for a destination.");
  Family<Gauge>& ledger_delivered =
      gauge(registry, "waypost_ledger_delivered_statements", "Of these, delivered.");
  Family<Gauge>& waiting =
      gauge(registry, "waypost_queue_statements", "Statements that wait for a destination.");
  Family<Gauge>& imbalance =
      gauge(registry, "waypost_ledger_imbalance",
            "Accepted statements that are neither delivered nor waiting; must be 0.");
  Family<Gauge>& conditions = gauge(registry, "waypost_destination_condition",
                                    "1 while the condition of the destination lasts.");
  Gauge& connections =
      gauge(registry, "waypost_connections", "Open connections of the public listener.").Add({});
  std::array<std::atomic<Counter*>, kStatusesMax> by_status{};
  std::map<std::string, OrganisationCounters, std::less<>> organisations;
  std::map<DestinationId, DestinationGauges> destinations;
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
  for (const DestinationLabels& destination : destinations) {
    prometheus::Labels labels{{"organisation", destination.organisation},
                              {"destination", destination.url}};
    all.destinations.emplace(
        destination.id,
        DestinationGauges{labels, all.delivered.Add(labels),
                          all.lrs_seconds.Add(labels, kLrsBuckets), all.ledger_accepted.Add(labels),
                          all.ledger_delivered.Add(labels), all.waiting.Add(labels),
                          all.imbalance.Add(labels)});
  }
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

void Metrics::lrs_answered(DestinationId destination, int status, std::chrono::milliseconds took) {
  const auto found = families_->destinations.find(destination);
  if (found == families_->destinations.end()) return;
  prometheus::Labels labels = found->second.labels;
  labels["code"] = std::to_string(status);
  families_->lrs_requests.Add(labels).Increment();
  found->second.lrs_seconds.Observe(std::chrono::duration<double>(took).count());
}

void Metrics::delivered(DestinationId destination, std::size_t statements) {
  const auto found = families_->destinations.find(destination);
  if (found == families_->destinations.end()) return;
  found->second.delivered.Increment(static_cast<double>(statements));
}

void Metrics::condition(DestinationId destination, std::string_view word, bool raised) {
  const auto found = families_->destinations.find(destination);
  if (found == families_->destinations.end()) return;
  prometheus::Labels labels = found->second.labels;
  labels["condition"] = word;
  families_->conditions.Add(labels).Set(raised ? 1 : 0);
}

void Metrics::ledger(DestinationId destination, const Ledger& ledger) {
  const auto found = families_->destinations.find(destination);
  if (found == families_->destinations.end()) return;
  found->second.accepted_statements.Set(static_cast<double>(ledger.accepted));
  found->second.delivered_statements.Set(static_cast<double>(ledger.delivered));
  found->second.waiting_statements.Set(static_cast<double>(ledger.waiting));
  found->second.imbalance.Set(static_cast<double>(ledger.imbalance()));
}

void Metrics::connections(std::size_t open) {
  families_->connections.Set(static_cast<double>(open));
}

std::string Metrics::text() const {
  return prometheus::TextSerializer().Serialize(families_->registry.Collect());
}

}  // namespace waypost::relay
