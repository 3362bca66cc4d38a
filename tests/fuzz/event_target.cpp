#include <string>

#include "fuzz/all_rules.hpp"
#include "fuzz/target.hpp"
#include "waypost/statement/completion.hpp"

namespace waypost::fuzz {
namespace {

constexpr std::string_view kEvent = R"({"verb":"completed","object":"https://example.org/1"})";
constexpr Instant kNow{1'795'000'000'000};

void check(std::string_view event, std::string_view defaults, const statement::Rules& rules) {
  const Uuid id = *Uuid::parse("5e9f3b2c-9d1a-4c1e-8f57-2b9c6a7d8e90");
  const statement::Completion completion =
      statement::complete(event, {.defaults = defaults, .id = id, .now = kNow, .rules = rules});
  require(completion.statement.empty() != completion.violations.empty(),
          "an event becomes a statement or is refused");
  if (completion.statement.empty()) return;
  require(statement::validate(completion.statement, rules).valid(),
          "what an event becomes is valid");
}

}  // namespace

// As an event, and as what the page says for all events.
void complete_event(std::string_view input) {
  for (const statement::Rules& rules : kAllRules) {
    check(input, {}, rules);
    check(kEvent, input, rules);
  }
}

}  // namespace waypost::fuzz
