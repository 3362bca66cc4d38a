#pragma once

#include <string>
#include <string_view>
#include <vector>

#include <nlohmann/json.hpp>

#include "waypost/statement/validate.hpp"

namespace waypost::tests {

// A statement that breaks no rule and has every part that most statements have.
inline nlohmann::json example_statement() {
  return nlohmann::json::parse(R"({
    "id": "6b2e0c5e-0f2b-4c58-9d6c-0c8a1c5d1f01",
    "actor": {"objectType": "Agent", "name": "Jo", "mbox": "mailto:jo@example.org"},
    "verb": {"id": "http://adlnet.gov/expapi/verbs/answered", "display": {"en-US": "answered"}},
    "object": {
      "objectType": "Activity",
      "id": "https://example.org/quiz/3",
      "definition": {
        "type": "http://adlnet.gov/expapi/activities/cmi.interaction",
        "name": {"en-US": "Which first?"},
        "interactionType": "choice",
        "correctResponsesPattern": ["a"],
        "choices": [{"id": "a", "description": {"en": "Call"}}, {"id": "b"}]
      }
    },
    "result": {"score": {"scaled": 0.8, "raw": 8, "min": 0, "max": 10}, "success": true,
               "completion": false, "response": "a", "duration": "PT16.5S"},
    "context": {
      "registration": "ec531277-b57b-4c15-8d91-d292c5b2b8f7",
      "contextActivities": {"parent": [{"id": "https://example.org/quiz"}]},
      "language": "en-US", "revision": "3", "platform": "web",
      "extensions": {"https://example.org/extension": null}
    },
    "timestamp": "2026-11-23T08:00:00.000Z"
  })");
}

// The example with `patch` merged in, as RFC 7396 says: null takes a member away.
inline nlohmann::json example_with(std::string_view patch) {
  auto statement = example_statement();
  statement.merge_patch(nlohmann::json::parse(patch));
  return statement;
}

// "/path rule" of each violation.
inline std::vector<std::string> broken_rules(std::string_view text,
                                             const statement::Rules& rules = {}) {
  std::vector<std::string> broken;
  for (const auto& violation : statement::validate(text, rules).violations) {
    broken.push_back(violation.path + " " + std::string(violation.rule));
  }
  return broken;
}

inline statement::Rules rules_of(statement::Version version) {
  return {.version = version};
}

}  // namespace waypost::tests
