#include "proxy/ingest/event_acceptance.hpp"

#include <string>
#include <utility>

#include "proxy/ingest/captured_event.hpp"
#include "waypost/json/reader.hpp"
#include "waypost/statement/completion.hpp"

namespace waypost::relay {
namespace {

struct ReceivedEvent {
  std::string_view received;  // the entry that holds it, or the event itself
  std::string_view event;
  std::string id_text;  // to name it by; empty where there is none
  bool has_time = false;
};

// An event that brings all it needs, as far as it does.
ReceivedEvent read_event(std::string_view event) {
  ReceivedEvent read{event, event, {}, false};
  json::Reader reader(event);
  std::string scratch;
  if (reader.next().kind != json::TokenKind::ObjectBegin) return read;
  for (json::Token key = reader.next(); key.kind == json::TokenKind::Key; key = reader.next()) {
    const std::string_view name = reader.decoded(key, scratch);
    const bool is_id = name == "id";
    const bool is_timestamp = name == "timestamp";
    const json::Token value = reader.next();
    const std::size_t bytes = value.end - value.begin;
    if (is_id && value.kind == json::TokenKind::String && bytes <= kEchoedIdBytesMax) {
      read.id_text = reader.decoded(value, scratch);
    }
    // Completion takes an empty string for none.
    if (is_timestamp) read.has_time = reader.raw(value) != "\"\"";
    reader.skip(value);
  }
  return read;
}

// `context` has the nil UUID where there is no id.
Acceptance accept_received(const ReceivedEvent& from, const statement::CompletionContext& context,
                           const AcceptanceRules& rules) {
  const statement::Completion completion = statement::complete(from.event, context);
  if (!completion.violations.empty()) {
    Acceptance acceptance;
    acceptance.violations = completion.violations;
    acceptance.id = from.id_text;
    return acceptance;
  }
  const auto validation = statement::validate(completion.statement, context.rules);
  if (id_as_received(completion.statement, validation.outline) == Uuid().text()) {
    return refused(missing_id(), from.id_text);
  }
  if (!from.has_time) return refused(missing_timestamp(), from.id_text);
  return accept(completion.statement, validation, from.received, rules);
}

}  // namespace

Acceptance accept_event(std::string_view event, const AcceptanceRules& rules) {
  if (const auto captured = read_captured_event(event)) {
    return accept_received(
        {event, captured->event, captured->id_text, captured->captured.has_value()},
        {.defaults = captured->defaults,
         .id = captured->id.value_or(Uuid()),
         .now = captured->captured.value_or(rules.received),
         .rules = unstamped_rules(rules.version)},
        rules);
  }
  return accept_received(read_event(event),
                         {.defaults = {},
                          .id = Uuid(),
                          .now = rules.received,
                          .rules = unstamped_rules(rules.version)},
                         rules);
}

}  // namespace waypost::relay
