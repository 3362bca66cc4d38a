#include "proxy/ingest/post_route.hpp"

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "proxy/ingest/acceptance.hpp"
#include "proxy/ingest/envelope.hpp"
#include "proxy/ingest/event_acceptance.hpp"
#include "proxy/ingest/storage_answer.hpp"
#include "proxy/operations/clock.hpp"
#include "waypost/json/text.hpp"
#include "waypost/statement/violation_json.hpp"

namespace waypost::relay {
namespace {

struct Rejected {
  std::size_t index = 0;
  std::string id;
  std::vector<statement::Violation> violations;
};

// What is known of one request while it is worked on.
struct PostWork {
  std::string nonce;
  std::vector<std::string> appended_ids;      // of what goes to the store, in its order
  std::vector<std::size_t> appended_indices;  // likewise: where it stood in the request
  std::vector<Rejected> rejected;
};

statement::Violation conflict() {
  return {"/id", "statement.conflict",
          "Another statement has this id already; give every statement an id of its own."};
}

unsigned status_of(ErrorCode code) {
  return code == ErrorCode::TooMany ? 413 : 400;
}

enum class Repetition { None, Same, Different };

Repetition repetition_of(const NewEntry& entry, const std::vector<NewEntry>& earlier) {
  for (const NewEntry& other : earlier) {
    if (other.id != entry.id) continue;
    const bool same = other.fingerprint == entry.fingerprint || other.meaning == entry.meaning;
    return same ? Repetition::Same : Repetition::Different;
  }
  return Repetition::None;
}

void take(PostWork& work, std::vector<NewEntry>& entries, std::size_t index,
          Acceptance acceptance) {
  if (!acceptance.entry) {
    work.rejected.push_back({index, std::move(acceptance.id), std::move(acceptance.violations)});
    return;
  }
  switch (repetition_of(*acceptance.entry, entries)) {
    case Repetition::Same: return;  // listed once, where it came first
    case Repetition::Different:
      work.rejected.push_back({index, std::move(acceptance.id), {conflict()}});
      return;
    case Repetition::None: break;
  }
  work.appended_ids.push_back(std::move(acceptance.id));
  work.appended_indices.push_back(index);
  entries.push_back(std::move(*acceptance.entry));
}

void append_ids(std::string& to, const PostWork& work, const AppendOutcome& outcome,
                AppendResult result) {
  bool first = true;
  to += '[';
  for (std::size_t i = 0; i < work.appended_ids.size(); ++i) {
    if (outcome.results[i] != result) continue;
    if (!first) to += ',';
    first = false;
    json::append_string(to, work.appended_ids[i]);
  }
  to += ']';
}

void append_rejected(std::string& to, const std::vector<Rejected>& rejected) {
  to += '[';
  for (const Rejected& entry : rejected) {
    if (&entry != &rejected.front()) to += ',';
    to += '{';
    if (!entry.id.empty()) {
      to += R"("id":)";
      json::append_string(to, entry.id);
      to += ',';
    }
    to += R"("index":)" + std::to_string(entry.index) + R"(,"kept":false,"violations":)";
    statement::append_json(to, entry.violations);
    to += '}';
  }
  to += ']';
}

Response answer(PostWork& work, const AppendOutcome& outcome, bool under_pressure) {
  for (std::size_t i = 0; i < outcome.results.size(); ++i) {
    if (outcome.results[i] != AppendResult::Conflict) continue;
    work.rejected.push_back({work.appended_indices[i], work.appended_ids[i], {conflict()}});
  }
  Response response;
  response.content_type = kJsonType;
  std::string& body = response.body;
  body.reserve(200 + 40 * work.appended_ids.size());
  body = R"({"v":1,"nonce":)";
  body += work.nonce;
  body += R"(,"accepted":)";
  append_ids(body, work, outcome, AppendResult::Accepted);
  body += R"(,"duplicate":)";
  append_ids(body, work, outcome, AppendResult::Duplicate);
  body += R"(,"rejected":)";
  append_rejected(body, work.rejected);
  body += R"(,"server_ms":)" + std::to_string(system_now().ms);
  const std::int64_t interval_ms = limits::kTrackerIntervalDefaultMs * (under_pressure ? 2 : 1);
  body += R"(,"interval_ms":)" + std::to_string(interval_ms) + R"(,"retry_after_ms":0})";
  return response;
}

}  // namespace

void PostRoute::handle(const std::shared_ptr<Exchange>& exchange,
                       const Organisation& organisation) {
  EnvelopeReading reading = read_envelope(exchange->request().body, organisation.version);
  if (!reading.envelope) {
    return exchange->respond(
        error_response(status_of(reading.code), reading.code, reading.message));
  }
  const Envelope& envelope = *reading.envelope;
  if (envelope.has_ticket) {
    return exchange->respond(error_response(401, ErrorCode::TicketUnknown,
                                            "This relay gave no such ticket; send an empty one."));
  }
  AcceptanceRules rules;
  rules.version = organisation.version;
  rules.self_declared_home_page = organisation.self_declared_home_page;
  rules.received = system_now();
  rules.clock_offset = envelope.clock_offset;
  auto work = std::make_shared<PostWork>();
  work->nonce = envelope.nonce;
  AppendRequest append{organisation.id, Atomicity::PerEntry, {}, rules.received};
  append.entries.reserve(envelope.entries.size());
  for (std::size_t i = 0; i < envelope.entries.size(); ++i) {
    const EnvelopeEntry& entry = envelope.entries[i];
    take(*work, append.entries, i,
         envelope.kind == EntryKind::Events
             ? accept_event(entry.text, rules)
             : accept(entry.validated, entry.validation, entry.text, rules));
  }
  metrics_.refused(organisation.name, work->rejected.size());
  if (append.entries.empty()) {
    return exchange->respond(answer(*work, AppendOutcome{}, store_.under_pressure()));
  }
  store_.append(organisation, std::move(append),
                [exchange, work, this](const StoreResult<AppendOutcome>& result) {
                  exchange->respond(result.value
                                        ? answer(*work, *result.value, store_.under_pressure())
                                        : storage_refusal(result.error));
                });
}

}  // namespace waypost::relay
