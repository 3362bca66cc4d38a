#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <boost/beast/http/message.hpp>
#include <boost/beast/http/string_body.hpp>

#include "waypost/time.hpp"

namespace waypost::practice {

using Request = boost::beast::http::request<boost::beast::http::string_body>;

struct Answer {
  unsigned status = 200;
  std::string content_type = "application/json";
  std::string body;
  std::vector<std::pair<std::string, std::string>> headers;
  Duration delay;      // before it is sent
  bool reset = false;  // nothing is sent: the connection is reset
};

// Takes the answer of a request, at once or later.
using Done = std::function<void(Answer)>;

// The path and the decoded query of a request.
struct Target {
  std::string path;
  std::vector<std::pair<std::string, std::string>> parameters;

  const std::string* parameter(std::string_view name) const;
};

// False when `text` is not an origin-form target (RFC 9112 section 3.2.1).
bool parse_target(std::string_view text, Target& target);

Answer plain_text(unsigned status, std::string body);

// The first header of this name, or empty.
std::string_view header(const Request& request, std::string_view name);

// Whether a Content-Type says JSON in UTF-8.
bool is_json(std::string_view content_type);

}  // namespace waypost::practice
