#include "proxy/ingest/statements_route.hpp"

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "proxy/ingest/acceptance.hpp"
#include "proxy/ingest/storage_answer.hpp"
#include "proxy/operations/clock.hpp"
#include "waypost/json/text.hpp"
#include "waypost/limits.hpp"

namespace waypost::relay {

struct StatementsRoute::Work {
  bool put = false;
  std::vector<std::string> ids;  // in order of the request
};

namespace {

// Nothing of the request was stored.
Response refusal_of(const std::vector<RefusedStatement>& refused, std::size_t count) {
  const std::string verb = refused.size() == 1 ? " breaks a rule" : " break a rule";
  const std::string message = std::to_string(refused.size()) + " of " + std::to_string(count) +
                              (count == 1 ? " statement" : " statements") + verb +
                              "; nothing was stored.";
  return error_response(400, ErrorCode::StatementInvalid, message, refused);
}

Response refusal_of(const statement::Violation& malformed) {
  if (malformed.rule == "statement.too-many") {
    return error_response(413, ErrorCode::TooMany, malformed.message);
  }
  const bool is_json = malformed.rule.substr(0, 5) != "json.";
  return error_response(400, is_json ? ErrorCode::StatementInvalid : ErrorCode::MalformedJson,
                        malformed.message);
}

// The places of statements whose id stands earlier in the request.
std::vector<std::size_t> repeated(const std::vector<NewEntry>& entries) {
  std::vector<std::size_t> order(entries.size());
  for (std::size_t i = 0; i < order.size(); ++i) order[i] = i;
  std::stable_sort(order.begin(), order.end(), [&](std::size_t left, std::size_t right) {
    return entries[left].id < entries[right].id;
  });
  std::vector<std::size_t> found;
  for (std::size_t i = 1; i < order.size(); ++i) {
    if (entries[order[i]].id == entries[order[i - 1]].id) found.push_back(order[i]);
  }
  std::sort(found.begin(), found.end());
  return found;
}

std::vector<RefusedStatement> listed(const std::vector<std::size_t>& indices,
                                     const std::vector<std::string>& ids,
                                     const statement::Violation& violation) {
  std::vector<RefusedStatement> refused;
  refused.reserve(indices.size());
  for (const std::size_t index : indices) refused.push_back({index, ids[index], {violation}});
  return refused;
}

Response conflict(const AppendOutcome& outcome, const std::vector<std::string>& ids) {
  std::vector<std::size_t> indices;
  for (std::size_t i = 0; i < outcome.results.size(); ++i) {
    if (outcome.results[i] == AppendResult::Conflict) indices.push_back(i);
  }
  return error_response(
      409, ErrorCode::Conflict, "A statement id is known with another content; nothing was stored.",
      listed(indices, ids,
             {"/id", "statement.conflict",
              "Another statement has this id already; give every statement an id of its own."}));
}

Response stored(bool put, const std::vector<std::string>& ids) {
  Response response;
  if (put) {
    response.status = 204;
    return response;
  }
  response.content_type = kJsonType;
  response.body.reserve(2 + 39 * ids.size());
  response.body = '[';
  for (const std::string& id : ids) {
    if (&id != &ids.front()) response.body += ',';
    json::append_string(response.body, id);
  }
  response.body += ']';
  return response;
}

AcceptanceRules rules_of(const Organisation& organisation, statement::Version version) {
  AcceptanceRules rules;
  rules.version = version;
  rules.self_declared_home_page = organisation.self_declared_home_page;
  rules.received = system_now();
  rules.fill_missing = true;
  return rules;
}

}  // namespace

void StatementsRoute::handle_post(const std::shared_ptr<Exchange>& exchange,
                                  const Organisation& organisation, statement::Version version) {
  const std::string& body = exchange->request().body;
  const auto list =
      statement::validate_list(body, unstamped_rules(version), limits::kXapiStatementsMax);
  if (list.malformed) return exchange->respond(refusal_of(*list.malformed));
  const AcceptanceRules rules = rules_of(organisation, version);
  auto work = std::make_shared<Work>();
  AppendRequest append{organisation.id, Atomicity::AllOrNothing, {}, rules.received};
  append.entries.reserve(list.statements.size());
  std::vector<RefusedStatement> refused;
  for (std::size_t i = 0; i < list.statements.size(); ++i) {
    const statement::Validation& validation = list.statements[i];
    Acceptance acceptance = accept(body, validation, validation.outline.whole.of(body), rules);
    if (acceptance.entry) {
      work->ids.push_back(std::move(acceptance.id));
      append.entries.push_back(std::move(*acceptance.entry));
    } else {
      refused.push_back({i, std::move(acceptance.id), std::move(acceptance.violations)});
    }
  }
  if (!refused.empty()) {
    metrics_.refused(organisation.name, list.statements.size());
    return exchange->respond(refusal_of(refused, list.statements.size()));
  }
  const std::vector<std::size_t> twice = repeated(append.entries);
  if (!twice.empty()) {
    metrics_.refused(organisation.name, list.statements.size());
    return exchange->respond(error_response(
        400, ErrorCode::DuplicateInBatch, "A statement id stands twice in this request.",
        listed(twice, work->ids,
               {"/id", "statement.duplicate-in-batch",
                "An earlier statement of this request has the same id; send each once."})));
  }
  store(exchange, organisation, std::move(work), std::move(append));
}

void StatementsRoute::handle_put(const std::shared_ptr<Exchange>& exchange,
                                 const Organisation& organisation, statement::Version version,
                                 const Uuid& statement_id) {
  const std::string& body = exchange->request().body;
  const auto validation = statement::validate(body, unstamped_rules(version));
  AcceptanceRules rules = rules_of(organisation, version);
  rules.given_id = statement_id;
  Acceptance acceptance = accept(body, validation, body, rules);
  if (!acceptance.entry) {
    metrics_.refused(organisation.name, 1);
    return exchange->respond(
        refusal_of({{0, std::move(acceptance.id), std::move(acceptance.violations)}}, 1));
  }
  if (acceptance.entry->id != statement_id) {
    metrics_.refused(organisation.name, 1);
    return exchange->respond(error_response(
        400, ErrorCode::BadRequest, "The statement's id is not the statementId of the request."));
  }
  auto work = std::make_shared<Work>();
  work->put = true;
  work->ids.push_back(std::move(acceptance.id));
  AppendRequest append{organisation.id, Atomicity::AllOrNothing, {}, rules.received};
  append.entries.push_back(std::move(*acceptance.entry));
  store(exchange, organisation, std::move(work), std::move(append));
}

void StatementsRoute::store(const std::shared_ptr<Exchange>& exchange,
                            const Organisation& organisation, std::shared_ptr<Work> work,
                            AppendRequest append) {
  store_.append(organisation, std::move(append),
                [exchange, work = std::move(work)](const StoreResult<AppendOutcome>& result) {
                  if (!result.value) return exchange->respond(storage_refusal(result.error));
                  exchange->respond(result.value->appended ? stored(work->put, work->ids)
                                                           : conflict(*result.value, work->ids));
                });
}

}  // namespace waypost::relay
