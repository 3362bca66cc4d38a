#include "practice_lrs/faults.hpp"

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

std::string Faults::set(std::string_view description) {
  const json members = json::parse(description, nullptr, false);
  if (!members.is_object()) return "send a JSON object";
  Fault fault;
  for (const auto& [key, value] : members.items()) {
    std::string wrong = read_member(fault, key, value);
    if (!wrong.empty()) return wrong;
  }
  fault_ = std::move(fault);
  return {};
}

std::optional<Fault> Faults::hit(const Request& request) {
  if (!fault_) return std::nullopt;
  if (fault_->method && request.method_string() != *fault_->method) return std::nullopt;
  const std::string& body = request.body();
  if (fault_->body_bytes_max && body.size() <= *fault_->body_bytes_max) return std::nullopt;
  if (fault_->poison_verb && !holds_verb(body, *fault_->poison_verb)) return std::nullopt;
  Fault fault = *fault_;
  if (fault_->count && --*fault_->count == 0) fault_.reset();
  return fault;
}

json Faults::describe() const {
  json members = json::object();
  if (!fault_) return members;
  const auto put = [&](const char* key, const auto& value) {
    if (value) members[key] = *value;
  };
  put("status", fault_->status);
  put("body", fault_->body);
  put("content_type", fault_->content_type);
  put("retry_after", fault_->retry_after);
  put("location", fault_->location);
  put("count", fault_->count);
  put("body_bytes_max", fault_->body_bytes_max);
  put("poison_verb", fault_->poison_verb);
  put("method", fault_->method);
  if (fault_->delay.ms != 0) members["delay_ms"] = fault_->delay.ms;
  if (fault_->reset == Fault::Reset::Before) members["reset"] = "before";
  if (fault_->reset == Fault::Reset::After) members["reset"] = "after";
  return members;
}

}  // namespace waypost::practice
