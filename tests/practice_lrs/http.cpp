#include "practice_lrs/http.hpp"

#include <boost/beast/core/string.hpp>
#include <boost/url/src.hpp>
#include <boost/url/url_view.hpp>

namespace waypost::practice {

const std::string* Target::parameter(std::string_view name) const {
  for (const auto& [key, value] : parameters) {
    if (key == name) return &value;
  }
  return nullptr;
}

bool parse_target(std::string_view text, Target& target) {
  const auto parsed = boost::urls::parse_origin_form({text.data(), text.size()});
  if (!parsed) return false;
  const std::string path(parsed->path());
  target.path = path;
  for (const auto& parameter : parsed->params()) {
    target.parameters.emplace_back(parameter.key, parameter.value);
  }
  return true;
}

Answer plain_text(unsigned status, std::string body) {
  Answer answer;
  answer.status = status;
  answer.content_type = "text/plain; charset=utf-8";
  answer.body = std::move(body);
  return answer;
}

std::string_view header(const Request& request, std::string_view name) {
  const auto value = request[{name.data(), name.size()}];
  return {value.data(), value.size()};
}

bool is_json(std::string_view content_type) {
  using boost::beast::iequals;
  const auto semicolon = content_type.find(';');
  const std::string_view type = content_type.substr(0, semicolon);
  const auto end = type.find_last_not_of(" \t");
  const std::string_view trimmed = type.substr(0, end == std::string_view::npos ? 0 : end + 1);
  if (!iequals({trimmed.data(), trimmed.size()}, "application/json")) return false;
  if (semicolon == std::string_view::npos) return true;
  std::string parameters;
  for (const char character : content_type.substr(semicolon + 1)) {
    if (character != ' ' && character != '\t' && character != '"') parameters += character;
  }
  return iequals(parameters, "charset=utf-8");
}

}  // namespace waypost::practice
