#include "proxy/alerts/alert_watch.hpp"

#include <utility>

#include "proxy/store/group_commit.hpp"

namespace waypost::relay {
namespace {

AlertDetails details_of(const delivery::Report& report) {
  AlertDetails details;
  if (report.condition == delivery::Condition::Blocked && report.raised) {
    details.cause = report.cause;
  }
  details.status = report.status;
  details.failure = report.failure;
  return details;
}

}  // namespace

AlertWatch::AlertWatch(const std::vector<DestinationLabels>& destinations, ForwarderObserver& next,
                       GroupCommit& commits, Alerter& alerter, AlertSampler& sampler)
    : next_(next), commits_(commits), alerter_(alerter), sampler_(sampler) {
  for (const DestinationLabels& labels : destinations) destinations_.emplace(labels.id, labels);
}

AlertKey AlertWatch::key(DestinationId destination, AlertKind kind) const {
  const DestinationLabels& labels = destinations_.at(destination);
  return {labels.organisation, labels.url, kind};
}

void AlertWatch::attempted(const DeliveryAttempt& attempt) {
  next_.attempted(attempt);
  if (attempt.certificate_ends) {
    sampler_.certificate_seen(attempt.destination, *attempt.certificate_ends);
  }
}

void AlertWatch::delivered(DestinationId destination, std::size_t statements) {
  next_.delivered(destination, statements);
}

void AlertWatch::buried(DestinationId destination, const Burial& burial) {
  next_.buried(destination, burial);
  alerter_.buried(key(destination, AlertKind::DeadLetters), delivery::word(burial.reason), 1);
}

void AlertWatch::condition_changed(DestinationId destination, const delivery::Report& report) {
  next_.condition_changed(destination, report);
  const AlertKind kind =
      report.condition == delivery::Condition::Blocked ? AlertKind::Blocked : AlertKind::Outage;
  // All facts of a destination go this way, so that they stay in order. A store that is stopping
  // takes no more, and then the relay is stopping too.
  [[maybe_unused]] const bool asked =
      commits_.run([destination, raised = report.raised, key = key(destination, kind),
                    details = details_of(report), &alerter = alerter_](Store& store) mutable {
        const auto ledger = store.ledger(destination);
        if (ledger.value) details.waiting = ledger.value->waiting;
        if (raised) {
          alerter.began(key, details);
        } else {
          alerter.ended(key, details);
        }
      });
}

void AlertWatch::trouble(DestinationId destination, std::string_view message) {
  next_.trouble(destination, message);
}

}  // namespace waypost::relay
