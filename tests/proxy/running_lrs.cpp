#include "proxy/running_lrs.hpp"

#include <cstdio>
#include <stdexcept>

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http.hpp>

namespace waypost::tests {

using boost::asio::ip::tcp;
namespace http = boost::beast::http;

RunningLrs::RunningLrs(const waypost::practice::Options& options)
    : server_(options), thread_([this] { server_.run(); }) {}

RunningLrs::~RunningLrs() {
  server_.stop();
  thread_.join();
}

std::string RunningLrs::url() const {
  return "http://127.0.0.1:" + std::to_string(port()) + "/xapi/";
}

RunningLrs::Answered RunningLrs::ask(std::string_view method, const std::string& target,
                                     std::string_view body,
                                     const std::map<std::string, std::string>& headers) const {
  boost::asio::io_context io;
  tcp::socket socket(io);
  socket.connect({boost::asio::ip::make_address("127.0.0.1"), port()});
  http::request<http::string_body> request;
  request.method_string({method.data(), method.size()});
  request.target(target);
  request.set(http::field::host, "127.0.0.1");
  for (const auto& [name, value] : headers) request.set(name, value);
  request.keep_alive(false);
  request.body() = body;
  request.prepare_payload();
  http::write(socket, request);
  boost::beast::flat_buffer buffer;
  http::response_parser<http::string_body> parser;
  parser.body_limit(boost::none);
  http::read(socket, buffer, parser);
  return {parser.get().result_int(), parser.get().body()};
}

RunningLrs::Answered RunningLrs::xapi(std::string_view method, const std::string& target,
                                      std::string_view body,
                                      const std::map<std::string, std::string>& headers) const {
  std::map<std::string, std::string> all = headers;
  all.emplace("Authorization", "Basic cHJhY3RpY2Uta2V5OnByYWN0aWNlLXNlY3JldA==");
  all.emplace("X-Experience-API-Version", "1.0.3");
  if (!body.empty()) all.emplace("Content-Type", "application/json");
  return ask(method, "/xapi/" + target, body, all);
}

std::string RunningLrs::practice(std::string_view method, const std::string& target,
                                 std::string_view body) const {
  Answered answered = ask(method, "/practice/" + target, body, {});
  if (answered.status >= 300) throw std::runtime_error(answered.body);
  return answered.body;
}

void RunningLrs::order_fault(std::string_view description) const {
  practice("POST", "faults", description);
}

void RunningLrs::end_fault() const {
  practice("DELETE", "faults");
}

nlohmann::json RunningLrs::statements(std::size_t at_least) const {
  const std::string wait = "&wait_ms=20000&at_least=" + std::to_string(at_least);
  return nlohmann::json::parse(practice("GET", "statements?limit=10000" + wait));
}

nlohmann::json RunningLrs::requests() const {
  return nlohmann::json::parse(practice("GET", "log")).at("requests");
}

std::string statement_id(std::size_t n) {
  char text[37];
  std::snprintf(text, sizeof text, "3f8b0c52-7d1e-4c9a-9b60-%012zx", n);
  return text;
}

std::string statement_text(std::string_view id) {
  // Spacing, escapes and the spelling of numbers are there to be kept.
  return R"({ "id": ")" + std::string(id) +
         R"(", "actor": {"account": {"homePage": "https://example.org", "name": "learner"}},
  "verb": {"id": "http://adlnet.gov/expapi/verbs/answered", "display": {"en": "answ\u0065red"}},
  "object": {"id": "https://example.org/course/quiz/1"},
  "result": {"score": {"scaled": 0.80, "raw": 8.0, "min": 0, "max": 1e1}},
  "timestamp": "2026-03-01T10:00:00.000Z" })";
}

}  // namespace waypost::tests
