#include "proxy/operations/private_application.hpp"

#include <string>
#include <string_view>
#include <utility>

#include "proxy/operations/clock.hpp"
#include "proxy/operations/log.hpp"
#include "proxy/store/group_commit.hpp"

namespace waypost::relay {
namespace {

constexpr std::string_view kPlainText = "text/plain; charset=utf-8";
constexpr std::string_view kMetricsType = "text/plain; version=0.0.4; charset=utf-8";

Response plain(std::string text) {
  Response response;
  response.content_type = kPlainText;
  response.body = std::move(text);
  response.add("Cache-Control", "no-store");
  return response;
}

Response unavailable(ErrorCode code, std::string_view message) {
  return error_response(503, code, message);
}

Response disk_stands_still() {
  return unavailable(ErrorCode::StorageFailed, "The disk does not answer.");
}

Response stopping() {
  return unavailable(ErrorCode::Stopping, "The relay is stopping.");
}

}  // namespace

PrivateApplication::PrivateApplication(GroupCommit& commits,
                                       std::vector<DestinationLabels> destinations,
                                       Metrics& metrics, std::function<std::size_t()> connections)
    : commits_(commits),
      destinations_(std::move(destinations)),
      metrics_(metrics),
      connections_(std::move(connections)) {}

Admission PrivateApplication::admit(const Request& request) {
  Admission admission;
  const std::string_view path = request.path();
  if (path == "/healthz") {
    admission.handle = [this](const auto& exchange) { answer_health(exchange); };
  } else if (path == "/readyz") {
    admission.handle = [this](const auto& exchange) { answer_readiness(exchange); };
  } else if (path == "/metrics") {
    admission.handle = [this](const auto& exchange) { answer_metrics(exchange); };
  } else {
    admission.refusal = error_response(404, ErrorCode::NotFound,
                                       "Here are /healthz, /readyz and /metrics, nothing else.");
    return admission;
  }
  if (request.method != Method::Get && request.method != Method::Head) {
    admission.refusal = error_response(405, ErrorCode::MethodNotAllowed, "Read this with GET.");
    admission.refusal->add("Allow", "GET, HEAD");
  }
  return admission;
}

void PrivateApplication::answer_health(const std::shared_ptr<Exchange>& exchange) {
  if (commits_.stalled_for()) return exchange->respond(disk_stands_still());
  const bool taken = commits_.run([exchange](Store&) { exchange->respond(plain("ok\n")); });
  if (!taken) exchange->respond(stopping());
}

void PrivateApplication::answer_readiness(const std::shared_ptr<Exchange>& exchange) {
  if (stopping_.load()) return exchange->respond(stopping());
  if (commits_.stalled_for()) return exchange->respond(disk_stands_still());
  AppendRequest probe;
  probe.organisation = destinations_.front().organisation_id;
  probe.received = system_now();
  commits_.append(std::move(probe), [exchange](const StoreResult<AppendOutcome>& result,
                                               const AppendRequest& /*probe*/) {
    if (result.value) return exchange->respond(plain("ready\n"));
    exchange->respond(
        unavailable(result.error.code, "The store does not take statements; the log says why."));
  });
}

void PrivateApplication::answer_metrics(const std::shared_ptr<Exchange>& exchange) {
  if (const auto stalled = commits_.stalled_for()) return exchange->respond(metrics(*stalled));
  const bool taken = commits_.run([this, exchange](Store& store) {
    read_ledgers(store);
    exchange->respond(metrics({}));
  });
  if (!taken) exchange->respond(stopping());
}

void PrivateApplication::read_ledgers(Store& store) {
  for (const DestinationLabels& destination : destinations_) {
    const auto ledger = store.ledger(destination.id);
    if (ledger.value) {
      metrics_.ledger(destination.id, *ledger.value, system_now());
    } else {
      log(LogLevel::Error, "ledger cannot be read",
          {{"reason", std::string_view(ledger.error.message)}});
    }
  }
}

Response PrivateApplication::metrics(Duration stalled) {
  metrics_.stalled(stalled);
  metrics_.connections(connections_());
  Response response = plain(metrics_.text());
  response.content_type = kMetricsType;
  return response;
}

}  // namespace waypost::relay
