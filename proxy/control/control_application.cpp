#include "proxy/control/control_application.hpp"

#include <algorithm>
#include <map>
#include <string>
#include <utility>

#include <nlohmann/json.hpp>

#include "proxy/control/dead_letter_json.hpp"
#include "proxy/control/mending.hpp"
#include "proxy/forwarder/forwarder.hpp"
#include "proxy/ingest/clock_offset.hpp"
#include "proxy/operations/clock.hpp"
#include "proxy/store/group_commit.hpp"

namespace waypost::relay {
namespace {

using nlohmann::json;

Response answer(const json& body) {
  Response response;
  response.content_type = kJsonType;
  // What an LRS said may be no UTF-8.
  response.body = body.dump(-1, ' ', false, json::error_handler_t::replace);
  return response;
}

Response refusal(const StoreError& error) {
  const unsigned status = error.code == ErrorCode::StorageFull ? 507 : 503;
  return error_response(status, error.code, error.message);
}

Response bad(std::string_view sentence) {
  return error_response(400, ErrorCode::BadRequest, sentence);
}

std::string text_of(const json& asked, const char* name) {
  const auto found = asked.find(name);
  return found != asked.end() && found->is_string() ? found->get<std::string>() : std::string();
}

std::int64_t number_of(const json& asked, const char* name) {
  const auto found = asked.find(name);
  return found != asked.end() && found->is_number_integer() ? found->get<std::int64_t>() : 0;
}

bool is_set(const json& asked, const char* name) {
  const auto found = asked.find(name);
  return found != asked.end() && *found == true;
}

Order order_of(const json& asked) {
  return {.at = system_now(),
          .who = text_of(asked, "who"),
          .selection = text_of(asked, "selection"),
          .why = text_of(asked, "why")};
}

FilterReading filter_of(const json& asked) {
  const auto found = asked.find("filter");
  return found == asked.end() ? FilterReading{} : read_filter(*found);
}

void add_next(json& body, const Progress& progress) {
  if (progress.more) body["next"] = progress.through + 1;
}

Response page(const std::vector<DeadLetter>& letters, std::size_t count_max) {
  json body{{"dead_letters", json::array()}};
  for (const DeadLetter& letter : letters) body["dead_letters"].push_back(json_of(letter));
  add_next(body, {.through = letters.empty() ? 0 : letters.back().dead_letter,
                  .more = letters.size() == count_max});
  return answer(body);
}

Response whole_page(DeadLetters& store, const std::vector<DeadLetter>& letters,
                    std::size_t count_max) {
  std::vector<DeadLetterId> ids;
  ids.reserve(letters.size());
  for (const DeadLetter& letter : letters) ids.push_back(letter.dead_letter);
  const auto whole = store.read(ids);
  if (!whole.value) return refusal(whole.error);
  json body{{"dead_letters", json::array()}};
  for (const WholeDeadLetter& letter : *whole.value) {
    body["dead_letters"].push_back(json_of(letter));
  }
  add_next(body, {.through = ids.empty() ? 0 : ids.back(), .more = letters.size() == count_max});
  return answer(body);
}

Response violated(const std::vector<statement::Violation>& violations) {
  return error_response(400, ErrorCode::StatementInvalid,
                        "The statement breaks rules; the violations say what to mend.",
                        {{.index = 0, .id = {}, .violations = violations}});
}

}  // namespace

ControlApplication::ControlApplication(GroupCommit& commits, Forwarder& forwarder,
                                       const std::vector<Organisation>& organisations,
                                       const DestinationDirectory& destinations)
    : commits_(commits),
      forwarder_(forwarder),
      organisations_(organisations),
      destinations_(destinations) {}

Admission ControlApplication::admit(const Request& request) {
  using Verb = std::function<void(const Waiting&, const json&)>;
  const std::map<std::string_view, Verb> verbs{
      {"/dead-letters/list", [this](auto& to, auto& asked) { list(to, asked, false); }},
      {"/dead-letters/read", [this](auto& to, auto& asked) { list(to, asked, true); }},
      {"/dead-letters/count", [this](auto& to, auto& asked) { count(to, asked); }},
      {"/dead-letters/replay", [this](auto& to, auto& asked) { replay(to, asked); }},
      {"/dead-letters/discard", [this](auto& to, auto& asked) { discard(to, asked); }},
      {"/dead-letters/mend", [this](auto& to, auto& asked) { mend(to, asked); }},
      {"/destinations/list", [this](auto& to, auto&) { list_destinations(to); }},
      {"/destinations/release", [this](auto& to, auto& asked) { release(to, asked); }},
      {"/destinations/isolate-anyway",
       [this](auto& to, auto& asked) { isolate_anyway(to, asked); }},
      {"/audit", [this](auto& to, auto& asked) { audit(to, asked); }}};
  Admission admission;
  const auto verb = verbs.find(request.path());
  if (request.method != Method::Post || verb == verbs.end()) {
    admission.refusal = error_response(404, ErrorCode::NotFound, "This relay does not know that.");
    return admission;
  }
  admission.body_bytes_max = limits::kControlBodyBytesMax;
  admission.handle = [handle = verb->second](const Waiting& exchange) {
    const json asked = json::parse(exchange->request().body, nullptr, false);
    if (!asked.is_object()) return exchange->respond(bad("That is not a JSON object."));
    handle(exchange, asked);
  };
  return admission;
}

void ControlApplication::ask_store(const Waiting& exchange, std::function<Response(Store&)> work) {
  const bool is_taken = commits_.run(
      [exchange, work = std::move(work)](Store& store) { exchange->respond(work(store)); });
  if (is_taken) return;
  exchange->respond(error_response(503, ErrorCode::Stopping, "The relay is stopping."));
}

void ControlApplication::list(const Waiting& exchange, const json& asked, bool is_whole) {
  const FilterReading reading = filter_of(asked);
  if (!reading.flaw.empty()) return exchange->respond(bad(reading.flaw));
  ask_store(exchange, [filter = reading.filter, is_whole](Store& store) {
    const std::size_t count_max =
        is_whole ? limits::kDeadLettersExportedMax : limits::kDeadLettersListedMax;
    const auto letters = store.dead_letters().list(filter, count_max);
    if (!letters.value) return refusal(letters.error);
    if (!is_whole) return page(*letters.value, count_max);
    return whole_page(store.dead_letters(), *letters.value, count_max);
  });
}

void ControlApplication::count(const Waiting& exchange, const json& asked) {
  const FilterReading reading = filter_of(asked);
  if (!reading.flaw.empty()) return exchange->respond(bad(reading.flaw));
  ask_store(exchange, [filter = reading.filter](Store& store) {
    const auto found = store.dead_letters().count(filter);
    if (!found.value) return refusal(found.error);
    return answer({{"count", found.value->letters}, {"last", found.value->last}});
  });
}

void ControlApplication::replay(const Waiting& exchange, const json& asked) {
  const FilterReading reading = filter_of(asked);
  if (!reading.flaw.empty()) return exchange->respond(bad(reading.flaw));
  ask_store(exchange, [this, filter = reading.filter, order = order_of(asked)](Store& store) {
    return replayed(store.dead_letters().replay(filter, limits::kDeadLettersChangedMax, order));
  });
}

Response ControlApplication::replayed(const StoreResult<Replay>& result) {
  if (!result.value) return refusal(result.error);
  tell_forwarder(result.value->entries);
  json body{{"count", result.value->entries.size()},
            {"already_waiting", result.value->already_waiting},
            {"damaged", result.value->damaged}};
  add_next(body, result.value->progress);
  return answer(body);
}

// In the store's thread and so in order of keys.
void ControlApplication::tell_forwarder(const std::vector<ReplayedEntry>& entries) {
  std::map<DestinationId, std::vector<CommittedEntry>> by_destination;
  for (const ReplayedEntry& entry : entries) {
    by_destination[entry.ids.destination].push_back(
        {entry.key, entry.lane, entry.id, entry.bytes, {}});
  }
  for (auto& [destination, committed] : by_destination) {
    forwarder_.entries_waiting(destination, std::move(committed));
  }
}

void ControlApplication::discard(const Waiting& exchange, const json& asked) {
  const FilterReading reading = filter_of(asked);
  if (!reading.flaw.empty()) return exchange->respond(bad(reading.flaw));
  Order order = order_of(asked);
  if (order.why.empty()) return exchange->respond(bad("Say why, for the audit record."));
  ask_store(exchange, [filter = reading.filter, order = std::move(order)](Store& store) {
    const auto done = store.dead_letters().discard(filter, limits::kDeadLettersChangedMax, order);
    if (!done.value) return refusal(done.error);
    json body{{"count", done.value->discarded}};
    add_next(body, done.value->progress);
    return answer(body);
  });
}

void ControlApplication::mend(const Waiting& exchange, const json& asked) {
  ask_store(exchange, [this, asked](Store& store) { return mend_one(store, asked); });
}

Response ControlApplication::mend_one(Store& store, const json& asked) {
  const auto missing = [] {
    return error_response(404, ErrorCode::NotFound, "There is no dead letter of this number.");
  };
  const DeadLetterId number = number_of(asked, "dead_letter");
  const auto found = store.dead_letters().read(std::span(&number, 1));
  if (!found.value) return refusal(found.error);
  if (found.value->empty()) return missing();
  const DeadLetter& letter = found.value->front().letter;
  const auto organisation =
      std::find_if(organisations_.begin(), organisations_.end(),
                   [&](const Organisation& known) { return known.id == letter.ids.organisation; });
  if (organisation == organisations_.end()) {
    return bad("The organisation of this dead letter is not configured any more.");
  }
  const Mending mending = mended(text_of(asked, "statement"), letter, organisation->version);
  if (!mending.entry) return violated(mending.violations);
  if (is_set(asked, "dry_run")) return answer({{"count", 1}});
  const auto done = store.dead_letters().mend(number, *mending.entry, order_of(asked));
  if (!done.value) return refusal(done.error);
  if (done.value->answer == MendAnswer::NotFound) return missing();
  if (done.value->answer == MendAnswer::Conflict) {
    return error_response(409, ErrorCode::Conflict,
                          "The id in the file is another statement's; take it out.");
  }
  tell_forwarder({done.value->entry});
  return answer({{"count", 1}, {"id", done.value->entry.id.text()}});
}

void ControlApplication::audit(const Waiting& exchange, const json& asked) {
  ask_store(exchange, [after = number_of(asked, "next")](Store& store) {
    const auto records = store.dead_letters().audit(after, limits::kDeadLettersListedMax);
    if (!records.value) return refusal(records.error);
    json body{{"audit", json::array()}};
    for (const AuditRecord& record : *records.value) body["audit"].push_back(json_of(record));
    if (records.value->size() == limits::kDeadLettersListedMax) {
      body["next"] = records.value->back().audit;
    }
    return answer(body);
  });
}

void ControlApplication::list_destinations(const Waiting& exchange) {
  ask_store(exchange, [this](Store& store) {
    json body{{"destinations", json::array()}};
    for (const DestinationLabels& destination : destinations_.all()) {
      const auto ledger = store.ledger(destination.id);
      if (!ledger.value) return refusal(ledger.error);
      json one{{"organisation", destination.organisation},
               {"destination", destination.url},
               {"accepted", ledger.value->accepted},
               {"delivered", ledger.value->delivered},
               {"already_there", ledger.value->already_there},
               {"dead_letters", ledger.value->dead_letters},
               {"discarded", ledger.value->discarded},
               {"waiting", ledger.value->waiting},
               {"held", ledger.value->held}};
      if (ledger.value->oldest_waiting) {
        one["oldest_waiting"] = timestamp_text(*ledger.value->oldest_waiting);
      }
      if (ledger.value->blocked) one["blocked"] = delivery::word(*ledger.value->blocked);
      body["destinations"].push_back(std::move(one));
    }
    return answer(body);
  });
}

std::optional<DestinationLabels> ControlApplication::destination_of(const json& asked) const {
  const std::string organisation = text_of(asked, "organisation");
  const std::string url = text_of(asked, "destination");
  const auto is_it = [&](const DestinationLabels& known) {
    return known.organisation == organisation && known.url == url;
  };
  const std::vector<DestinationLabels> all = destinations_.all();
  const auto found = std::find_if(all.begin(), all.end(), is_it);
  return found == all.end() ? std::nullopt : std::optional(*found);
}

void ControlApplication::release(const Waiting& exchange, const json& asked) {
  const std::optional<DestinationLabels> found = destination_of(asked);
  if (!found) return exchange->respond(bad("There is no such destination."));
  ask_store(exchange, [this, destination = found->id, order = order_of(asked)](Store& store) {
    const auto released = store.release(destination, order);
    if (!released.value) return refusal(released.error);
    if (*released.value > 0) forwarder_.reload(destination);
    return answer({{"count", *released.value}});
  });
}

void ControlApplication::isolate_anyway(const Waiting& exchange, const json& asked) {
  const std::optional<DestinationLabels> found = destination_of(asked);
  if (!found) return exchange->respond(bad("There is no such destination."));
  ask_store(exchange, [this, destination = found->id, order = order_of(asked)](Store& store) {
    const auto ledger = store.ledger(destination);
    if (!ledger.value) return refusal(ledger.error);
    if (ledger.value->blocked != delivery::BlockCause::Suspect) {
      return bad("The destination is not blocked as suspect.");
    }
    const auto recorded = store.dead_letters().record(destination, "isolated anyway", order);
    if (!recorded.value) return refusal(recorded.error);
    forwarder_.isolate_anyway(destination);
    return answer({{"count", 1}});
  });
}

}  // namespace waypost::relay
