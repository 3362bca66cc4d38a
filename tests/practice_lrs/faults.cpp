#include "practice_lrs/faults.hpp"

#include <algorithm>
#include <type_traits>
#include <utility>

#include <nlohmann/json.hpp>

#include "waypost/limits.hpp"
#include "waypost/statement/validate.hpp"

namespace waypost::practice {
namespace {

using nlohmann::json;

constexpr std::int64_t kDelayMaxMs = 600'000;

bool holds_verb(const std::string& body, const std::string& verb) {
  const auto list = statement::validate_list(body, {}, limits::kXapiStatementsMax);
  for (const auto& one : list.statements) {
    if (!one.outline.verb_id.present()) continue;
    const json id = json::parse(one.outline.verb_id.value.of(body), nullptr, false);
    if (id.is_string() && id.get_ref<const std::string&>() == verb) return true;
  }
  return false;
}

// Reads one member into `fault`. Empty, or what is wrong with it.
std::string read_member(Fault& fault, const std::string& key, const json& value) {
  const auto text = [&](std::optional<std::string>& to) {
    if (!value.is_string()) return key + " must be a string";
    to = value.get<std::string>();
    return std::string();
  };
  const auto number = [&](auto& to, std::uint64_t least, std::uint64_t most) {
    if (!value.is_number_unsigned() || value < least || value > most) {
      return key + " must be a whole number from " + std::to_string(least) + " to " +
             std::to_string(most);
    }
    to = value.get<std::remove_reference_t<decltype(to)>>();
    return std::string();
  };
  if (key == "status") return number(fault.status.emplace(), 200, 599);
  if (key == "count") return number(fault.count.emplace(), 1, 1'000'000'000);
  if (key == "body_bytes_max") {
    return number(fault.body_bytes_max.emplace(), 0, limits::kXapiBytesMax);
  }
  if (key == "delay_ms") return number(fault.delay.ms, 0, kDelayMaxMs);
  if (key == "body") return text(fault.body);
  if (key == "content_type") return text(fault.content_type);
  if (key == "retry_after") return text(fault.retry_after);
  if (key == "location") return text(fault.location);
  if (key == "poison_verb") return text(fault.poison_verb);
  if (key == "method") return text(fault.method);
  if (key != "reset") return "there is no fault called " + key;
  if (value == "before")
    fault.reset = Fault::Reset::Before;
  else if (value == "after")
    fault.reset = Fault::Reset::After;
  else
    return "reset must be \"before\" or \"after\"";
  return {};
}

// Empty, or what is wrong with it.
std::string read_fault(const json& members, Fault& fault) {
  if (!members.is_object()) return "send a JSON object, or a list of them";
  for (const auto& [key, value] : members.items()) {
    std::string wrong = read_member(fault, key, value);
    if (!wrong.empty()) return wrong;
  }
  return {};
}

json describe_one(const Fault& fault) {
  json members = json::object();
  const auto put = [&](const char* key, const auto& value) {
    if (value) members[key] = *value;
  };
  put("status", fault.status);
  put("body", fault.body);
  put("content_type", fault.content_type);
  put("retry_after", fault.retry_after);
  put("location", fault.location);
  put("count", fault.count);
  put("body_bytes_max", fault.body_bytes_max);
  put("poison_verb", fault.poison_verb);
  put("method", fault.method);
  if (fault.delay.ms != 0) members["delay_ms"] = fault.delay.ms;
  if (fault.reset == Fault::Reset::Before) members["reset"] = "before";
  if (fault.reset == Fault::Reset::After) members["reset"] = "after";
  return members;
}

}  // namespace

Answer Fault::spoil(Answer own) const {
  Answer answer = std::move(own);
  answer.reset = reset != Reset::None;
  answer.delay = delay;
  if (!replaces_answer()) return answer;
  answer.status = status.value_or(body_bytes_max ? 413 : poison_verb ? 400 : 200);
  answer.body = body.value_or("a fault on demand\n");
  answer.content_type = content_type.value_or("text/plain; charset=utf-8");
  if (retry_after) answer.headers.emplace_back("Retry-After", *retry_after);
  if (location) answer.headers.emplace_back("Location", *location);
  return answer;
}

bool Fault::concerns(const Request& request) const {
  if (method && request.method_string() != *method) return false;
  if (body_bytes_max && request.body().size() <= *body_bytes_max) return false;
  return !poison_verb || holds_verb(request.body(), *poison_verb);
}

std::string Faults::set(std::string_view description) {
  const json described = json::parse(description, nullptr, false);
  const json list = described.is_array() ? described : json::array({described});
  if (list.empty()) return "an empty list is no fault: DELETE ends faults";
  std::vector<Fault> faults;
  for (const json& one : list) {
    std::string wrong = read_fault(one, faults.emplace_back());
    if (!wrong.empty()) return wrong;
  }
  faults_ = std::move(faults);
  return {};
}

std::optional<Fault> Faults::hit(const Request& request) {
  const auto at = std::find_if(faults_.begin(), faults_.end(),
                               [&](const Fault& fault) { return fault.concerns(request); });
  if (at == faults_.end()) return std::nullopt;
  Fault fault = *at;
  if (at->count && --*at->count == 0) faults_.erase(at);
  return fault;
}

json Faults::describe() const {
  if (faults_.empty()) return json::object();
  if (faults_.size() == 1) return describe_one(faults_.front());
  json list = json::array();
  for (const Fault& fault : faults_) list.push_back(describe_one(fault));
  return list;
}

}  // namespace waypost::practice
