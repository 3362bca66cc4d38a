#include "proxy/control/dead_letter_json.hpp"

#include <array>

#include <nlohmann/json.hpp>

#include "proxy/ingest/clock_offset.hpp"

namespace waypost::relay {
namespace {

using delivery::BurialReason;
using nlohmann::json;

constexpr std::array kReasons{BurialReason::Refused,     BurialReason::TooLarge,
                              BurialReason::ServerError, BurialReason::Conflict,
                              BurialReason::Unresolved,  BurialReason::Forbidden,
                              BurialReason::Damaged};

std::optional<BurialReason> reason_of(std::string_view text) {
  for (const BurialReason reason : kReasons) {
    if (delivery::word(reason) == text) return reason;
  }
  return std::nullopt;
}

std::string unknown_reason() {
  std::string sentence = "a reason is one of";
  for (const BurialReason reason : kReasons) sentence += ' ' + std::string(delivery::word(reason));
  return sentence;
}

}  // namespace

FilterReading read_filter(const json& asked) {
  FilterReading reading;
  DeadLetterFilter& filter = reading.filter;
  for (const auto& [name, value] : asked.items()) {
    if (name == "first" && value.is_number_integer()) {
      filter.first = value;
    } else if (name == "last" && value.is_number_integer()) {
      filter.last = value;
    } else if (name == "since_ms" && value.is_number_integer()) {
      filter.since = Instant{value};
    } else if (name == "until_ms" && value.is_number_integer()) {
      filter.until = Instant{value};
    } else if (!value.is_string()) {
      reading.flaw = name + " is not of its type";
    } else if (name == "organisation") {
      filter.organisation = value.get<std::string>();
    } else if (name == "destination") {
      filter.url = value.get<std::string>();
    } else if (name == "reason") {
      filter.reason = reason_of(value.get_ref<const std::string&>());
      if (!filter.reason) reading.flaw = unknown_reason();
    } else if (name == "id") {
      filter.id = Uuid::parse(value.get_ref<const std::string&>());
      if (!filter.id) reading.flaw = "the id of a statement is a UUID";
    } else {
      reading.flaw = "there is no filter " + name;
    }
  }
  return reading;
}

json json_of(const DeadLetter& letter) {
  return {{"dead_letter", letter.dead_letter},
          {"organisation", letter.organisation},
          {"destination", letter.url},
          {"id", letter.id.text()},
          {"reason", delivery::word(letter.reason)},
          {"status", letter.status},
          {"words", letter.words},
          {"attempts", letter.attempts},
          {"received", timestamp_text(letter.received)},
          {"buried", timestamp_text(letter.buried)},
          {"bytes", letter.bytes}};
}

json json_of(const WholeDeadLetter& whole) {
  json made = json_of(whole.letter);
  // Of a damaged one the bytes are no JSON any more, perhaps no text: they are told as a string.
  const bool is_damaged = whole.letter.reason == BurialReason::Damaged;
  made["statement"] =
      is_damaged ? json(whole.statement).dump(-1, ' ', false, json::error_handler_t::replace)
                 : whole.statement;
  return made;
}

json json_of(const AuditRecord& record) {
  json made{{"audit", record.audit},
            {"at", timestamp_text(record.order.at)},
            {"who", record.order.who},
            {"what", record.what},
            {"organisation", record.organisation},
            {"destination", record.url},
            {"entries", record.entries},
            {"selection", record.order.selection},
            {"why", record.order.why}};
  if (record.old_id) made["old_id"] = record.old_id->text();
  if (record.new_id) made["new_id"] = record.new_id->text();
  return made;
}

}  // namespace waypost::relay
