#include "proxy/operations/destination_metrics.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <utility>

#include "proxy/operations/metric_families.hpp"

namespace waypost::relay {
namespace {

using delivery::Condition;
using prometheus::Counter;
using prometheus::Family;
using prometheus::Gauge;
using prometheus::Histogram;

const Histogram::BucketBoundaries kLrsBuckets{0.01, 0.05, 0.1, 0.25, 0.5, 1.0,
                                              2.5,  5.0,  10,  30,   60,  120};

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

}  // namespace

struct DestinationMetrics::Families {
  explicit Families(prometheus::Registry& in) : registry(in) {}

  prometheus::Registry& registry;
  Family<Counter>& requests = counter(registry, "waypost_lrs_requests_total",
                                      "Batches sent to an LRS, by status; 0 is no answer.");
  Family<Histogram>& seconds =
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
  Family<Gauge>& oldest =
      gauge(registry, "waypost_queue_oldest_seconds",
            "How long ago the oldest waiting statement was received; 0 when none waits.");
  Family<Gauge>& conditions = gauge(registry, "waypost_destination_condition",
                                    "1 while the condition of the destination lasts.");
  Family<Gauge>& certificates =
      gauge(registry, "waypost_lrs_certificate_end_timestamp_seconds",
            "When the certificate of the LRS ends, as its latest connection showed.");
};

DestinationMetrics::DestinationMetrics(prometheus::Registry& registry)
    : families_(std::make_unique<Families>(registry)) {}

DestinationMetrics::~DestinationMetrics() = default;

void DestinationMetrics::add(const DestinationLabels& destination) {
  const std::lock_guard lock(mutex_);
  begin(destination);
}

void DestinationMetrics::readdress(const DestinationLabels& destination) {
  const std::lock_guard lock(mutex_);
  if (const Series* former = of(destination.id); former != nullptr) end(*former);
  begin(destination);
}

void DestinationMetrics::begin(const DestinationLabels& destination) {
  Families& all = *families_;
  Series series;
  series.labels = {{"organisation", destination.organisation}, {"destination", destination.url}};
  series.delivered = &all.delivered.Add(series.labels);
  series.seconds = &all.seconds.Add(series.labels, kLrsBuckets);
  for (const LedgerTerm& term : kLedgerTerms) {
    prometheus::Labels of_term = series.labels;
    of_term["term"] = term.name;
    series.terms.push_back(&all.ledger.Add(of_term));
  }
  series.waiting = &all.waiting.Add(series.labels);
  series.held = &all.held.Add(series.labels);
  series.oldest = &all.oldest.Add(series.labels);
  series.imbalance = &all.imbalance.Add(series.labels);
  for (const Condition condition : {Condition::Outage, Condition::Blocked}) {
    prometheus::Labels of_condition = series.labels;
    of_condition["condition"] = delivery::word(condition);
    series.conditions[condition] = &all.conditions.Add(of_condition);
  }
  series_.insert_or_assign(destination.id, std::move(series));
}

void DestinationMetrics::end(const Series& series) {
  Families& all = *families_;
  all.delivered.Remove(series.delivered);
  all.seconds.Remove(series.seconds);
  for (Gauge* term : series.terms) all.ledger.Remove(term);
  all.waiting.Remove(series.waiting);
  all.held.Remove(series.held);
  all.oldest.Remove(series.oldest);
  all.imbalance.Remove(series.imbalance);
  for (const auto& [status, requests] : series.requests) all.requests.Remove(requests);
  for (const auto& [condition, gauge] : series.conditions) all.conditions.Remove(gauge);
  if (series.certificate != nullptr) all.certificates.Remove(series.certificate);
}

DestinationMetrics::Series* DestinationMetrics::of(DestinationId destination) {
  const auto found = series_.find(destination);
  return found == series_.end() ? nullptr : &found->second;
}

void DestinationMetrics::answered(DestinationId destination, int status,
                                  std::chrono::milliseconds took) {
  const std::lock_guard lock(mutex_);
  Series* const series = of(destination);
  if (series == nullptr) return;
  Counter*& requests = series->requests[status];
  if (requests == nullptr) {
    prometheus::Labels labels = series->labels;
    labels["code"] = std::to_string(status);
    requests = &families_->requests.Add(labels);
  }
  requests->Increment();
  series->seconds->Observe(std::chrono::duration<double>(took).count());
}

void DestinationMetrics::delivered(DestinationId destination, std::size_t statements) {
  const std::lock_guard lock(mutex_);
  Series* const series = of(destination);
  if (series != nullptr) series->delivered->Increment(static_cast<double>(statements));
}

void DestinationMetrics::condition(DestinationId destination, Condition condition, bool raised) {
  const std::lock_guard lock(mutex_);
  Series* const series = of(destination);
  if (series != nullptr) series->conditions.at(condition)->Set(raised ? 1 : 0);
}

void DestinationMetrics::ledger(DestinationId destination, const Ledger& ledger, Instant now) {
  const std::lock_guard lock(mutex_);
  Series* const series = of(destination);
  if (series == nullptr) return;
  for (std::size_t i = 0; i < kLedgerTerms.size(); ++i) {
    series->terms.at(i)->Set(static_cast<double>(ledger.*kLedgerTerms.at(i).value));
  }
  const Duration oldest = now - ledger.oldest_waiting.value_or(now);
  series->oldest->Set(static_cast<double>(oldest.ms) / 1000);
  series->held->Set(static_cast<double>(ledger.held));
  series->waiting->Set(static_cast<double>(ledger.waiting));
  series->imbalance->Set(static_cast<double>(ledger.imbalance()));
}

void DestinationMetrics::certificate(DestinationId destination, Instant ends) {
  const std::lock_guard lock(mutex_);
  Series* const series = of(destination);
  if (series == nullptr) return;
  if (series->certificate == nullptr) {
    series->certificate = &families_->certificates.Add(series->labels);
  }
  const std::int64_t seconds = ends.ms / 1000;
  series->certificate->Set(static_cast<double>(seconds));
}

}  // namespace waypost::relay
