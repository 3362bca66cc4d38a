#include "proxy/operations/delivery_log.hpp"

#include <chrono>

#include "proxy/operations/log.hpp"

namespace waypost::relay {
namespace {

std::string_view word(delivery::Failure failure) {
  switch (failure) {
    case delivery::Failure::None: return "none";
    case delivery::Failure::Timeout: return "timeout";
    case delivery::Failure::Refused: return "refused";
    case delivery::Failure::Reset: return "reset";
    case delivery::Failure::Dns: return "name not found";
    case delivery::Failure::Tls: return "certificate or TLS";
    case delivery::Failure::Network: return "network";
  }
  return "network";
}

}  // namespace

DeliveryLog::DeliveryLog(const DestinationDirectory& destinations, Metrics& metrics)
    : destinations_(destinations), metrics_(metrics) {}

void DeliveryLog::attempted(const DeliveryAttempt& attempt) {
  const delivery::Outcome& outcome = attempt.outcome;
  const DestinationLabels to = destinations_.of(attempt.destination);
  // The series of a former address have ended.
  if (attempt.url == to.url) {
    metrics_.lrs_answered(attempt.destination, outcome.status,
                          std::chrono::milliseconds(attempt.took.ms));
  }
  if (outcome.extent == delivery::Extent::Whole) return;
  log(LogLevel::Warning, "batch not stored",
      {{"organisation", std::string_view(to.organisation)},
       {"destination", attempt.url},
       {"statements", static_cast<std::int64_t>(attempt.statements)},
       {"status", static_cast<std::int64_t>(outcome.status)},
       {"failure", word(outcome.failure)},
       {"took_ms", attempt.took.ms}});
}

void DeliveryLog::delivered(DestinationId destination, std::size_t statements) {
  metrics_.delivered(destination, statements);
}

void DeliveryLog::buried(DestinationId destination, const Burial& burial) {
  const DestinationLabels to = destinations_.of(destination);
  log(LogLevel::Error, "statement set aside as a dead letter",
      {{"organisation", std::string_view(to.organisation)},
       {"destination", std::string_view(to.url)},
       {"reason", delivery::word(burial.reason)},
       {"status", static_cast<std::int64_t>(burial.status)},
       {"attempts", static_cast<std::int64_t>(burial.attempts)}});
}

void DeliveryLog::condition_changed(DestinationId destination, const delivery::Report& report) {
  metrics_.condition(destination, report.condition, report.raised);
  const DestinationLabels to = destinations_.of(destination);
  const bool is_block = report.condition == delivery::Condition::Blocked;
  log(report.raised ? LogLevel::Error : LogLevel::Info,
      report.raised ? "destination in trouble" : "destination recovered",
      {{"organisation", std::string_view(to.organisation)},
       {"destination", std::string_view(to.url)},
       {"condition", delivery::word(report.condition)},
       {"cause", is_block ? delivery::word(report.cause) : ""},
       {"status", static_cast<std::int64_t>(report.status)},
       {"failure", word(report.failure)}});
}

void DeliveryLog::readdressed(DestinationId destination) {
  using delivery::Condition;
  for (const Condition condition : {Condition::Outage, Condition::Blocked}) {
    metrics_.condition(destination, condition, false);
  }
}

void DeliveryLog::trouble(DestinationId destination, std::string_view message) {
  const DestinationLabels to = destinations_.of(destination);
  log(LogLevel::Error, "forwarding troubled",
      {{"organisation", std::string_view(to.organisation)},
       {"destination", std::string_view(to.url)},
       {"reason", message}});
}

}  // namespace waypost::relay
