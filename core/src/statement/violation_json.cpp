#include "waypost/statement/violation_json.hpp"

#include "waypost/json/text.hpp"

namespace waypost::statement {

void append_json(std::string& to, const std::vector<Violation>& violations) {
  to += '[';
  for (const Violation& violation : violations) {
    if (&violation != &violations.front()) to += ',';
    to += R"({"path":)";
    json::append_string(to, violation.path);
    to += R"(,"rule":)";
    json::append_string(to, violation.rule);
    to += R"(,"message":)";
    json::append_string(to, violation.message);
    to += '}';
  }
  to += ']';
}

}  // namespace waypost::statement
