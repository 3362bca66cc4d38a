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

AlertWatch::AlertWatch(const DestinationDirectory& destinations, ForwarderObserver& next,
                       GroupCommit& commits, Alerter& alerter, AlertSampler& sampler)
    : destinations_(destinations),
      next_(next),
      commits_(commits),
      alerter_(alerter),
      sampler_(sampler) {}

AlertKey AlertWatch::key(DestinationId destination, AlertKind kind) const {
  const DestinationLabels labels = destinations_.of(destination);
  return {labels.organisation, labels.url, kind};
}

void AlertWatch::attempted(const DeliveryAttempt& attempt) {
  next_.attempted(attempt);
  const bool is_from_here = attempt.url == destinations_.of(attempt.destination).url;
  if (attempt.certificate_ends && is_from_here) {
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
  // All facts of a destination go this way, so that they stay in order, with one another and with
  // changes of its address. A store that is stopping takes no more, and then the relay is stopping
  // too.
  [[maybe_unused]] const bool asked =
      commits_.run([this, destination, kind, raised = report.raised,
                    details = details_of(report)](Store& store) mutable {
        tell({destination, kind, raised}, details, store);
      });
}

void AlertWatch::readdressed(DestinationId destination) {
  next_.readdressed(destination);
  [[maybe_unused]] const bool asked = commits_.run([this, destination](Store& store) {
    for (const AlertKind kind : {AlertKind::Blocked, AlertKind::Outage}) {
      AlertDetails details;
      details.readdressed = true;
      tell({destination, kind, false}, details, store);
    }
  });
}

void AlertWatch::tell(const Fact& fact, AlertDetails details, Store& store) {
  const auto ledger = store.ledger(fact.destination);
  if (ledger.value) details.waiting = ledger.value->waiting;
  if (fact.began) {
    alerter_.began(key(fact.destination, fact.kind), details);
  } else {
    alerter_.ended(key(fact.destination, fact.kind), details);
  }
}

void AlertWatch::trouble(DestinationId destination, std::string_view message) {
  next_.trouble(destination, message);
}

}  // namespace waypost::relay
