#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "waypost/error.hpp"
#include "waypost/statement/violation.hpp"

namespace waypost::relay {

struct Response {
  unsigned status = 200;
  std::string_view content_type;  // static storage; empty where there is no body
  std::vector<std::pair<std::string_view, std::string>> headers;  // names in static storage
  std::string body;
  std::string_view lasting_body;  // used instead where not empty; lives as long as the server
  bool close = false;             // the connection ends behind it

  std::string_view content() const { return lasting_body.empty() ? body : lasting_body; }

  void add(std::string_view name, std::string value) {
    headers.emplace_back(name, std::move(value));
  }
};

inline constexpr std::string_view kJsonType = "application/json";

// One statement of a refused request, as every error of the relay lists them.
struct RefusedStatement {
  std::size_t index = 0;
  std::string id;  // as received; empty where it has none
  std::vector<statement::Violation> violations;
};

// {"error":{"code","message"},"statements":[...]}: the one shape of every error.
Response error_response(unsigned status, ErrorCode code, std::string_view message,
                        const std::vector<RefusedStatement>& statements = {});

}  // namespace waypost::relay
