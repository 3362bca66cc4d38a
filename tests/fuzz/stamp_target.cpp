#include <string>

#include <nlohmann/json.hpp>

#include "fuzz/all_rules.hpp"
#include "fuzz/target.hpp"
#include "waypost/statement/equality.hpp"
#include "waypost/statement/stamp.hpp"
#include "waypost/statement/validate.hpp"

namespace waypost::fuzz {
namespace {

using nlohmann::json;

constexpr const char* kId = "\"5e9f3b2c-9d1a-4c1e-8f57-2b9c6a7d8e90\"";
constexpr const char* kTimestamp = "\"2026-11-23T08:00:00.000Z\"";
constexpr const char* kActor = R"({"account":{"homePage":"https://a.example.org","name":"ada"}})";
constexpr const char* kRegistration = "\"ec531277-b57b-4c15-8d91-d292c5b2b8f7\"";
constexpr const char* kExtension = "https://example.org/extensions/a~b/c";

// Which stamps there are is in the bits of `choice`; and what they make of `expected`.
statement::Stamps choose_stamps(unsigned choice, json& expected) {
  statement::Stamps stamps;
  const auto chosen = [choice](unsigned bit) { return (choice >> bit & 1U) != 0; };
  if (chosen(0)) expected["id"] = json::parse(*(stamps.id = kId));
  if (chosen(1)) expected["timestamp"] = json::parse(*(stamps.timestamp = kTimestamp));
  if (chosen(2)) expected["actor"] = json::parse(*(stamps.actor = kActor));
  if (chosen(3)) {
    stamps.registration = kRegistration;
    expected["context"]["registration"] = json::parse(kRegistration);
  }
  if (chosen(4)) {
    stamps.extension_key = kExtension;
    stamps.extension_value = "[1.0e2]";
    expected["context"]["extensions"][kExtension] = json::parse("[1.0e2]");
  }
  if (chosen(5)) {
    expected["authority"] = json::parse(*(stamps.authority = kActor));
  } else if (chosen(6)) {
    stamps.remove_authority = true;
    expected.erase("authority");
  }
  if (chosen(7)) {
    stamps.remove_stored = true;
    expected.erase("stored");
  }
  return stamps;
}

}  // namespace

// The first byte chooses the stamps, the rest is the statement.
void stamp_statement(std::string_view input) {
  if (input.empty()) return;
  const auto choice = static_cast<unsigned char>(input.front());
  const std::string_view text = input.substr(1);
  for (const statement::Rules& rules : kAllRules) {
    const statement::Validation validation = statement::validate(text, rules);
    if (!validation.valid() || validation.outline.signed_statement) continue;
    const std::string_view whole = validation.outline.whole.of(text);
    require(statement::splice(text, validation.outline, {}) == whole, "no stamp changes no byte");
    json expected = json::parse(whole);
    const statement::Stamps stamps = choose_stamps(choice, expected);
    const std::string stamped = statement::splice(text, validation.outline, stamps);
    require(json::parse(stamped, nullptr, false) == expected, "stamps change what they name");
    require(statement::validate(stamped, rules).valid(), "a stamped statement is valid");
  }
}

}  // namespace waypost::fuzz
