#include "proxy/ingest/acceptance.hpp"

#include <utility>

#include "proxy/ingest/clock_offset.hpp"
#include "proxy/ingest/fingerprint.hpp"
#include "proxy/ingest/open_course.hpp"
#include "proxy/operations/random.hpp"
#include "waypost/json/text.hpp"
#include "waypost/statement/stamp.hpp"

namespace waypost::relay {
namespace {

constexpr std::size_t kLaneBytesMax = 64;

using statement::Violation;

// What a string value of the text stands for.
std::string string_at(std::string_view text, const statement::Member& member) {
  const std::string_view quoted = member.value.of(text);
  std::string decoded;
  json::append_decoded(decoded, quoted.substr(1, quoted.size() - 2));
  return decoded;
}

Violation missing(std::string_view rule, std::string_view path, std::string_view what) {
  return {std::string(path), rule,
          "Give it " + std::string(what) +
              " of its own: only so can the relay know it again when it is sent twice."};
}

// Statements of one learner, or of one registration, leave in order of arrival.
std::string lane_of(std::string_view text, const statement::Outline& outline,
                    const std::string& learner) {
  if (outline.registration.present()) return string_at(text, outline.registration);
  if (learner.size() <= kLaneBytesMax) return learner;
  const Fingerprint digest = fingerprint_of(learner);
  return {digest.begin(), digest.begin() + 16};
}

// Adds the correction of the page's clock, once and for all.
void correct_clock(statement::Stamps& stamps, const std::string& timestamp,
                   const AcceptanceRules& rules) {
  auto corrected = corrected_timestamp(timestamp, rules.clock_offset, rules.received);
  if (!corrected) return;
  stamps.timestamp = json::as_string(*corrected);
  stamps.extension_key = kOriginalTimestampExtension;
  stamps.extension_value = json::as_string(timestamp);
}

struct Stamping {
  statement::Stamps stamps;
  Uuid id;
  std::string id_text;
  std::string learner;
  std::optional<Violation> violation;
};

Stamping stamp(std::string_view text, const statement::Outline& outline,
               const AcceptanceRules& rules) {
  Stamping stamping;
  statement::Stamps& stamps = stamping.stamps;
  if (outline.id.present()) {
    stamping.id_text = string_at(text, outline.id);
    stamping.id = Uuid::parse(stamping.id_text).value_or(Uuid());
  } else if (rules.fill_missing) {
    stamping.id = rules.given_id ? *rules.given_id : random_id();
    stamping.id_text = stamping.id.text();
    stamps.id = json::as_string(stamping.id_text);
  } else {
    stamping.violation = missing_id();
    return stamping;
  }
  if (outline.timestamp.present()) {
    correct_clock(stamps, string_at(text, outline.timestamp), rules);
  } else if (rules.fill_missing) {
    stamps.timestamp = json::as_string(timestamp_text(rules.received));
  } else {
    stamping.violation = missing_timestamp();
    return stamping;
  }
  SelfDeclared learner =
      self_declared(outline.actor.present() ? outline.actor.value.of(text) : std::string_view(),
                    rules.self_declared_home_page);
  stamping.violation = std::move(learner.violation);
  stamping.learner = std::move(learner.name);
  stamps.actor = std::move(learner.actor);
  stamps.remove_authority = outline.authority.present();
  stamps.remove_stored = outline.stored.present();
  return stamping;
}

// The stamped text, checked in full; or what is wrong with it. No statement is signed here: a
// signature is an attachment that does not travel as JSON, so unstamped_rules() refuses it.
Acceptance finish(std::string_view text, const statement::Outline& outline, Stamping stamping,
                  const AcceptanceRules& rules) {
  Acceptance acceptance;
  acceptance.id = std::move(stamping.id_text);
  NewEntry entry;
  entry.id = stamping.id;
  if (stamping.stamps.empty()) {
    entry.bytes = outline.whole.of(text);
  } else {
    entry.bytes = statement::splice(text, outline, stamping.stamps);
    auto validation =
        statement::validate(entry.bytes, {.version = rules.version, .json_only = true});
    if (!validation.valid()) {
      acceptance.violations = std::move(validation.violations);
      return acceptance;
    }
  }
  entry.lane = lane_of(text, outline, stamping.learner);
  acceptance.entry = std::move(entry);
  return acceptance;
}

}  // namespace

Violation missing_id() {
  return missing("statement.id-required", "/id", "an id");
}

Violation missing_timestamp() {
  return missing("statement.timestamp-required", "/timestamp", "a timestamp");
}

Acceptance refused(Violation violation, std::string id) {
  Acceptance acceptance;
  acceptance.violations.push_back(std::move(violation));
  acceptance.id = std::move(id);
  return acceptance;
}

statement::Rules unstamped_rules(statement::Version version) {
  return {.version = version, .unstamped = true, .json_only = true};
}

std::string id_as_received(std::string_view text, const statement::Outline& outline) {
  const auto& value = outline.id.value;
  if (!value.present() || value.end - value.begin > kEchoedIdBytesMax || text[value.begin] != '"') {
    return {};
  }
  return string_at(text, outline.id);
}

Acceptance accept(std::string_view text, const statement::Validation& validation,
                  std::string_view received, const AcceptanceRules& rules) {
  if (!validation.valid()) {
    Acceptance acceptance;
    acceptance.violations = validation.violations;
    acceptance.id = id_as_received(text, validation.outline);
    return acceptance;
  }
  Stamping stamping = stamp(text, validation.outline, rules);
  if (stamping.violation) return refused(*stamping.violation, std::move(stamping.id_text));
  Acceptance acceptance = finish(text, validation.outline, std::move(stamping), rules);
  if (acceptance.entry) {
    acceptance.entry->fingerprint = fingerprint_of(received);
    acceptance.entry->meaning = meaning_of(validation.outline.whole.of(text));
  }
  return acceptance;
}

}  // namespace waypost::relay
