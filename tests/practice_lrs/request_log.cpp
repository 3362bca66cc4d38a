#include "practice_lrs/request_log.hpp"

#include <string>

#include <boost/beast/core/string.hpp>

namespace waypost::practice {
namespace {

using nlohmann::json;

constexpr std::size_t kLinesMax = 500;

bool is_secret(boost::beast::string_view name) {
  return boost::beast::iequals(name, "authorization") || boost::beast::iequals(name, "cookie") ||
         boost::beast::iequals(name, "proxy-authorization");
}

}  // namespace

void RequestLog::add(const Request& request, std::size_t statements, const Answer& answer,
                     Instant now) {
  json headers = json::object();
  for (const auto& field : request) {
    const auto name = field.name_string();
    if (!is_secret(name)) headers[std::string(name)] = std::string(field.value());
  }
  ++total_;
  lines_.push_back({{"time_ms", now.ms},
                    {"method", std::string(request.method_string())},
                    {"target", std::string(request.target())},
                    {"bytes", request.body().size()},
                    {"statements", statements},
                    {"status", answer.reset ? 0 : answer.status},
                    {"headers", std::move(headers)}});
  if (lines_.size() > kLinesMax) lines_.pop_front();
}

json RequestLog::describe() const {
  return {{"total", total_}, {"requests", lines_}};
}

}  // namespace waypost::practice
