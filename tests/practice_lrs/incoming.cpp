#include "practice_lrs/incoming.hpp"

#include <array>
#include <cstdlib>
#include <set>
#include <string>

#include <nlohmann/json.hpp>
#include <openssl/rand.h>

#include "waypost/json/text.hpp"
#include "waypost/limits.hpp"

namespace waypost::practice {
namespace {

using Json = nlohmann::json;

constexpr std::string_view kVoided = "http://adlnet.gov/expapi/verbs/voided";

Uuid random_uuid() {
  std::array<std::uint8_t, 16> random{};
  if (RAND_bytes(random.data(), static_cast<int>(random.size())) != 1) std::abort();
  return Uuid::version_4(random);
}

// What a member's value stands for if it is a string.
std::string string_value(const statement::Member& member, std::string_view body) {
  const std::string_view raw = member.value.of(body);
  std::string value;
  if (raw.size() >= 2 && raw.front() == '"') {
    json::append_decoded(value, raw.substr(1, raw.size() - 2));
  }
  return value;
}

Json describe(std::size_t index, const statement::Violation& violation) {
  return {{"index", index},
          {"path", violation.path},
          {"rule", violation.rule},
          {"message", violation.message}};
}

Json violations_of(const statement::ListValidation& list, bool accept_all) {
  Json violations = Json::array();
  if (list.malformed) {
    violations.push_back(describe(list.statements.size(), *list.malformed));
  } else if (!accept_all) {
    for (std::size_t index = 0; index < list.statements.size(); ++index) {
      for (const auto& violation : list.statements[index].violations) {
        violations.push_back(describe(index, violation));
      }
    }
  }
  return violations;
}

Incoming read_one(std::string_view body, const statement::Outline& outline) {
  Incoming statement;
  statement.text = outline.whole.of(body);
  const auto id = Uuid::parse(string_value(outline.id, body));
  statement.has_own_id = id.has_value();
  statement.id = id ? *id : random_uuid();
  if (string_value(outline.verb_id, body) == kVoided) {
    statement.voids = Uuid::parse(string_value(outline.object_id, body));
  }
  return statement;
}

}  // namespace

bool read_incoming(std::string_view body, const Reading& reading, std::vector<Incoming>& incoming,
                   Answer& refusal) {
  const auto list = statement::validate_list(body, reading.rules, limits::kXapiStatementsMax);
  const Json violations = violations_of(list, reading.accept_all);
  if (!violations.empty()) {
    refusal.status = 400;
    refusal.body = Json{{"error", "no statement was stored"}, {"violations", violations}}.dump(
        -1, ' ', false, Json::error_handler_t::replace);
    return false;
  }
  std::set<Uuid> ids;
  for (const auto& one : list.statements) {
    incoming.push_back(read_one(body, one.outline));
    if (!ids.insert(incoming.back().id).second) {
      refusal = plain_text(400, "the id " + incoming.back().id.text() + " comes twice\n");
      return false;
    }
  }
  return true;
}

}  // namespace waypost::practice
