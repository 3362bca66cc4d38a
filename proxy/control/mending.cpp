#include "proxy/control/mending.hpp"

#include <string>
#include <utility>

#include "proxy/ingest/acceptance.hpp"
#include "proxy/ingest/fingerprint.hpp"
#include "proxy/operations/random.hpp"
#include "waypost/json/text.hpp"
#include "waypost/statement/stamp.hpp"

namespace waypost::relay {
namespace {

// A registration that was mended is another lane; a learner's lane stays.
std::string lane_of(std::string_view text, const statement::Outline& outline,
                    const DeadLetter& letter) {
  if (!outline.registration.present()) return letter.lane;
  const std::string_view quoted = outline.registration.value.of(text);
  return std::string(quoted.substr(1, quoted.size() - 2));
}

}  // namespace

Mending mended(std::string_view text, const DeadLetter& letter, statement::Version version) {
  Mending mending;
  auto validation = statement::validate(text, {.version = version, .json_only = true});
  if (!validation.valid()) {
    mending.violations = std::move(validation.violations);
    return mending;
  }
  const statement::Outline& outline = validation.outline;
  if (!outline.timestamp.present()) {
    mending.violations.push_back({"/timestamp", "statement.timestamp-required",
                                  "Give it a timestamp: the LRS would take the time of sending."});
    return mending;
  }
  NewEntry entry;
  const auto own_id = Uuid::parse(id_as_received(text, outline));
  if (own_id && *own_id != letter.id) {
    entry.id = *own_id;
    entry.bytes = outline.whole.of(text);
  } else {
    entry.id = random_id();
    statement::Stamps stamps;
    stamps.id = json::as_string(entry.id.text());
    entry.bytes = statement::splice(text, outline, stamps);
  }
  entry.lane = lane_of(text, outline, letter);
  entry.fingerprint = fingerprint_of(entry.bytes);
  entry.meaning = meaning_of(entry.bytes);
  mending.entry = std::move(entry);
  return mending;
}

}  // namespace waypost::relay
