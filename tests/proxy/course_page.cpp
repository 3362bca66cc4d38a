#include "proxy/course_page.hpp"

#include <string>

#include "proxy/running_lrs.hpp"

namespace waypost::tests {

using nlohmann::json;

json course_statement(std::size_t n) {
  return {
      {"id", statement_id(n)},
      {"timestamp", "2026-03-01T10:00:00.000Z"},
      {"actor",
       {{"account",
         {{"homePage", std::string(kCourseOrigin) + "/waypost/self-declared"}, {"name", "a"}}}}},
      {"verb", {{"id", "http://adlnet.gov/expapi/verbs/completed"}}},
      {"object", {{"id", "https://example.org/course"}}}};
}

RawAnswer post(const RelayProcess& relay, const json& statement, std::string_view origin) {
  const json envelope = {{"v", 1},         {"nonce", "0123456789abcdef"}, {"sent_ms", 1},
                         {"offset_ms", 0}, {"kind", "statements"},        {"entries", {statement}}};
  const std::string head = "Origin: " + std::string(origin) + "\r\nContent-Type: text/plain\r\n";
  return RawClient(relay.port()).ask(request_text("POST", "/waypost/post", head, envelope.dump()));
}

}  // namespace waypost::tests
