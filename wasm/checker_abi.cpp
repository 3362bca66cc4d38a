#include <algorithm>
#include <cmath>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "abi.hpp"
#include "number.hpp"
#include "waypost/error.hpp"
#include "waypost/limits.hpp"
#include "waypost/statement/completion.hpp"
#include "waypost/statement/validate.hpp"
#include "waypost/statement/violation_json.hpp"

namespace statement = waypost::statement;
using waypost::ErrorCode;

struct WaypostChecker {
  WaypostReply reply{};
  statement::Rules rules;
  std::string text;  // what the reply shows

  std::int32_t answer(ErrorCode error, std::string with) {
    text = std::move(with);
    reply = {text.data(), static_cast<std::uint32_t>(text.size())};
    return static_cast<std::int32_t>(error);
  }
};

namespace {

std::string text_of(const std::vector<statement::Violation>& violations) {
  std::string text;
  statement::append_json(text, violations);
  return text;
}

}  // namespace

WaypostChecker* waypost_create_checker(std::uint32_t rules) {
  auto* checker = new WaypostChecker;
  checker->rules.version =
      (rules & WaypostRulesVersion2) != 0 ? statement::Version::V2_0_0 : statement::Version::V1_0_3;
  checker->rules.unstamped = (rules & WaypostRulesUnstamped) != 0;
  checker->rules.json_only = (rules & WaypostRulesJsonOnly) != 0;
  return checker;
}

void waypost_destroy_checker(WaypostChecker* checker) {
  delete checker;
}

std::int32_t waypost_complete_event(WaypostChecker* checker, const char* input,
                                    std::uint32_t event_bytes, std::uint32_t defaults_bytes,
                                    double now_ms) {
  const auto now = waypost::wasm::integer_of(now_ms);
  if (!now) return checker->answer(ErrorCode::BadRequest, {});
  statement::CompletionContext context;
  const char* const event = input + context.id.bytes.size();
  std::copy(input, event, context.id.bytes.begin());
  context.defaults = {event + event_bytes, defaults_bytes};
  context.now = {*now};
  context.rules = checker->rules;
  auto completion = statement::complete({event, event_bytes}, context);
  if (!completion.violations.empty()) {
    return checker->answer(ErrorCode::StatementInvalid, text_of(completion.violations));
  }
  return checker->answer(ErrorCode::None, std::move(completion.statement));
}

std::int32_t waypost_validate_statement(WaypostChecker* checker, const char* text,
                                        std::uint32_t bytes) {
  const auto validation = statement::validate({text, bytes}, checker->rules);
  if (validation.valid()) return checker->answer(ErrorCode::None, {});
  return checker->answer(ErrorCode::StatementInvalid, text_of(validation.violations));
}

std::int32_t waypost_validate_list(WaypostChecker* checker, const char* text, std::uint32_t bytes) {
  const auto list =
      statement::validate_list({text, bytes}, checker->rules, waypost::limits::kXapiStatementsMax);
  if (list.malformed) {
    return checker->answer(ErrorCode::MalformedJson, text_of({*list.malformed}));
  }
  std::string reply = "[";
  for (std::size_t i = 0; i < list.statements.size(); ++i) {
    if (i != 0) reply += ',';
    reply += R"({"index":)" + std::to_string(i);
    reply += list.statements[i].valid() ? R"(,"valid":true,"violations":)"
                                        : R"(,"valid":false,"violations":)";
    statement::append_json(reply, list.statements[i].violations);
    reply += '}';
  }
  reply += ']';
  return checker->answer(ErrorCode::None, std::move(reply));
}
