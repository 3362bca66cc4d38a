#include "proxy/http/response.hpp"

#include "waypost/json/text.hpp"
#include "waypost/statement/violation_json.hpp"

namespace waypost::relay {

Response error_response(unsigned status, ErrorCode code, std::string_view message,
                        const std::vector<RefusedStatement>& statements) {
  Response response;
  response.status = status;
  response.content_type = kJsonType;
  std::string& body = response.body;
  body = R"({"error":{"code":)";
  json::append_string(body, word(code));
  body += R"(,"message":)";
  json::append_string(body, message);
  body += R"(},"statements":[)";
  for (const RefusedStatement& refused : statements) {
    if (&refused != &statements.front()) body += ',';
    body += R"({"index":)" + std::to_string(refused.index);
    if (!refused.id.empty()) {
      body += R"(,"id":)";
      json::append_string(body, refused.id);
    }
    body += R"(,"violations":)";
    statement::append_json(body, refused.violations);
    body += '}';
  }
  body += "]}";
  return response;
}

}  // namespace waypost::relay
