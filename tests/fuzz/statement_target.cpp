#include <string>

#include <nlohmann/json.hpp>

#include "fuzz/all_rules.hpp"
#include "fuzz/target.hpp"
#include "waypost/limits.hpp"
#include "waypost/statement/equality.hpp"
#include "waypost/statement/validate.hpp"

namespace waypost::fuzz {
namespace {

using statement::Validation;
using statement::Violation;

bool is_about_json(const Violation& violation) {
  return violation.rule.substr(0, 5) == "json.";
}

// Paths lead into the statement, unless its JSON is flawed: nlohmann_json reads that otherwise.
void check_violations(std::string_view input, const Validation& validation) {
  require(validation.violations.size() <= limits::kViolationsPerStatementMax, "few violations");
  bool has_flawed_json = false;
  for (const Violation& violation : validation.violations) {
    require(!violation.rule.empty() && !violation.message.empty(), "a violation has words");
    has_flawed_json = has_flawed_json || is_about_json(violation);
  }
  if (has_flawed_json || validation.valid()) return;
  const auto read = nlohmann::json::parse(input, nullptr, false);
  if (read.is_discarded()) return;
  for (const Violation& violation : validation.violations) {
    const bool leads_somewhere = read.contains(nlohmann::json::json_pointer(violation.path));
    require(leads_somewhere, "a path leads into the statement");
  }
}

}  // namespace

void validate_statement(std::string_view input) {
  for (const statement::Rules& rules : kAllRules) {
    const Validation validation = statement::validate(input, rules);
    check_violations(input, validation);
    if (!validation.valid()) continue;
    require(nlohmann::json::parse(input, nullptr, false).is_object(), "a statement is an object");
    // White space does not count.
    const std::string padded = "\n" + std::string(input) + " \t";
    require(statement::validate(padded, rules).valid(), "white space around it changes nothing");
    require(statement::comparable(input) == statement::comparable(padded),
            "a statement is equal to itself");
  }
}

}  // namespace waypost::fuzz
