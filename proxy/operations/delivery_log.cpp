#include "proxy/operations/delivery_log.hpp"

#include <algorithm>
#include <chrono>
#include <utility>

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

DeliveryLog::DeliveryLog(std::vector<DestinationLabels> destinations, Metrics& metrics)
    : destinations_(std::move(destinations)), metrics_(metrics) {}

const DestinationLabels& DeliveryLog::labels(DestinationId destination) const {
  static const DestinationLabels unknown;
  const auto found = std::find_if(destinations_.begin(), destinations_.end(),
                                  [&](const auto& one) { return one.id == destination; });
  return found == destinations_.end() ? unknown : *found;
}

void DeliveryLog::attempted(const DeliveryAttempt& attempt) {
  const delivery::Outcome& outcome = attempt.outcome;
  metrics_.lrs_answered(attempt.destination, outcome.status,
                        std::chrono::milliseconds(attempt.took.ms));
  if (outcome.extent == delivery::Extent::Whole) return;
  const DestinationLabels& to = labels(attempt.destination);
  log(LogLevel::Warning, "batch not stored",
      {{"organisation", std::string_view(to.organisation)},
       {"destination", std::string_view(to.url)},
       {"statements", static_cast<std::int64_t>(attempt.statements)},
       {"status", static_cast<std::int64_t>(outcome.status)},
       {"failure", word(outcome.failure)},
       {"took_ms", attempt.took.ms}});
}

void DeliveryLog::delivered(DestinationId destination, std::size_t statements) {
  metrics_.delivered(destination, statements);
}

void DeliveryLog::buried(DestinationId destination, const Burial& burial) {
  const DestinationLabels& to = labels(destination);
  log(LogLevel::Error, "statement set aside as a dead letter",
      {{"organisation", std::string_view(to.organisation)},
       {"destination", std::string_view(to.url)},
       {"reason", delivery::word(burial.reason)},
       {"status", static_cast<std::int64_t>(burial.status)},
       {"attempts", static_cast<std::int64_t>(burial.attempts)}});
}

void DeliveryLog::condition_changed(DestinationId destination, const delivery::Report& report) {
  metrics_.condition(destination, delivery::word(report.condition), report.raised);
  const DestinationLabels& to = labels(destination);
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

void DeliveryLog::trouble(DestinationId destination, std::string_view message) {
  const DestinationLabels& to = labels(destination);
  log(LogLevel::Error, "forwarding troubled",
      {{"organisation", std::string_view(to.organisation)},
       {"destination", std::string_view(to.url)},
       {"reason", message}});
}

}  // namespace waypost::relay
