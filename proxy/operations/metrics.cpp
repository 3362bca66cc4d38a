#include "proxy/operations/metrics.hpp"

#include <algorithm>
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

struct LedgerTerm {
  const char* name;
  std::int64_t Ledger::*value;
};

constexpr std::array kLedgerTerms{LedgerTerm{"accepted", &Ledger::accepted},
                                  LedgerTerm{"delivered", &Ledger::delivered},
                                  LedgerTerm{"already_there", &Ledger::already_there},
                                  LedgerTerm{"dead_letters", &Ledger::dead_letters},
                                  LedgerTerm{"discarded", &Ledger::discarded},
                                  LedgerTerm{"waiting", &Ledger::waiting}};

struct DestinationGauges {
  prometheus::Labels labels;
  Counter& delivered;
  Histogram& lrs_seconds;
  std::array<Gauge*, kLedgerTerms.size()> terms;
  Gauge& waiting_statements;
  Gauge& held_statements;
  Gauge& oldest_seconds;
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
  Family<Gauge>& ledger =
      gauge(registry, "waypost_ledger_statements",
            "Statements ever accepted for a destination, and what became of them, by term.");
  Family<Gauge>& waiting =
      gauge(registry, "waypost_queue_statements", "Statements that wait for a destination.");
  Family<Gauge>& imbalance =
      gauge(registry, "waypost_ledger_imbalance",
            "Accepted statements that no other term of the ledger accounts for; must be 0.");
  Family<Gauge>& held = gauge(registry, "waypost_queue_held_statements",
                              "Of those that wait, held until a human releases them.");
  Family<Gauge>& queue_bytes =
      gauge(registry, "waypost_queue_bytes", "Bytes of the statements that wait.");
  Family<Gauge>& queue_bytes_max = gauge(registry, "waypost_queue_bytes_max",
                                         "How many bytes of statements may wait, as configured.");
  Family<Gauge>& oldest =
      gauge(registry, "waypost_queue_oldest_seconds",
            "How long ago the oldest waiting statement was received; 0 when none waits.");
  Family<Gauge>& conditions = gauge(registry, "waypost_destination_condition",
                                    "1 while the condition of the destination lasts.");
  Gauge& connections =
      gauge(registry, "waypost_connections", "Open connections of the public listener.").Add({});
  Gauge& disk_free =
      gauge(registry, "waypost_store_disk_free_bytes", "Room that is left where the store is.")
          .Add({});
  Gauge& disk_size =
      gauge(registry, "waypost_store_disk_size_bytes", "Size of the store's file system.").Add({});
  Family<Gauge>& certificates =
      gauge(registry, "waypost_lrs_certificate_end_timestamp_seconds",
            "When the certificate of the LRS ends, as its latest connection showed.");
  Family<Counter>& alerts =
      counter(registry, "waypost_alerts_total", "Attempts to send an alert, by result.");
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
    std::array<Gauge*, kLedgerTerms.size()> terms{};
    std::transform(kLedgerTerms.begin(), kLedgerTerms.end(), terms.begin(), [&](LedgerTerm term) {
      prometheus::Labels of_term = labels;
      of_term["term"] = term.name;
      return &all.ledger.Add(of_term);
    });
    all.destinations.emplace(
        destination.id,
        DestinationGauges{labels, all.delivered.Add(labels),
                          all.lrs_seconds.Add(labels, kLrsBuckets), terms, all.waiting.Add(labels),
                          all.held.Add(labels), all.oldest.Add(labels), all.imbalance.Add(labels)});
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

void Metrics::ledger(DestinationId destination, const Ledger& ledger, Instant now) {
  const auto found = families_->destinations.find(destination);
  if (found == families_->destinations.end()) return;
  for (std::size_t i = 0; i < kLedgerTerms.size(); ++i) {
    found->second.terms.at(i)->Set(static_cast<double>(ledger.*kLedgerTerms.at(i).value));
  }
  const Duration oldest = now - ledger.oldest_waiting.value_or(now);
  found->second.oldest_seconds.Set(static_cast<double>(oldest.ms) / 1000);
  found->second.held_statements.Set(static_cast<double>(ledger.held));
  found->second.waiting_statements.Set(static_cast<double>(ledger.waiting));
  found->second.imbalance.Set(static_cast<double>(ledger.imbalance()));
}

void Metrics::queue(const std::string& organisation, std::int64_t bytes, std::int64_t bytes_max) {
  const prometheus::Labels labels{{"organisation", organisation}};
  families_->queue_bytes.Add(labels).Set(static_cast<double>(bytes));
  families_->queue_bytes_max.Add(labels).Set(static_cast<double>(bytes_max));
}

void Metrics::connections(std::size_t open) {
  families_->connections.Set(static_cast<double>(open));
}

void Metrics::disk(std::uint64_t free_bytes, std::uint64_t size_bytes) {
  families_->disk_free.Set(static_cast<double>(free_bytes));
  families_->disk_size.Set(static_cast<double>(size_bytes));
}

void Metrics::certificate(DestinationId destination, Instant ends) {
  const auto found = families_->destinations.find(destination);
  if (found == families_->destinations.end()) return;
  const std::int64_t seconds = ends.ms / 1000;
  families_->certificates.Add(found->second.labels).Set(static_cast<double>(seconds));
}

void Metrics::alert(std::string_view channel, bool sent) {
  families_->alerts.Add({{"channel", std::string(channel)}, {"result", sent ? "sent" : "failed"}})
      .Increment();
}

std::string Metrics::text() const {
  return prometheus::TextSerializer().Serialize(families_->registry.Collect());
}

}  // namespace waypost::relay
