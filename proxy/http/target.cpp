#include "proxy/http/target.hpp"

namespace waypost::relay {
namespace {

int hex_digit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

}  // namespace

std::optional<std::string> percent_decoded(std::string_view text) {
  std::string decoded;
  decoded.reserve(text.size());
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '%') {
      decoded += text[i];
      continue;
    }
    if (i + 2 >= text.size()) return std::nullopt;
    const int high = hex_digit(text[i + 1]);
    const int low = hex_digit(text[i + 2]);
    if (high < 0 || low < 0) return std::nullopt;
    const auto c = static_cast<unsigned char>(high * 16 + low);
    if (c < 0x20 || c == 0x7F || c == '/') return std::nullopt;
    decoded += static_cast<char>(c);
    i += 2;
  }
  return decoded;
}

std::optional<std::string> normal_path(std::string_view path) {
  const auto scheme = path.find("://");
  if (scheme != std::string_view::npos && path.front() != '/') {
    const auto slash = path.find('/', scheme + 3);
    path = slash == std::string_view::npos ? "/" : path.substr(slash);
  }
  if (path.empty() || path.front() != '/') return std::nullopt;
  if (path.size() > 1 && path.back() == '/') path.remove_suffix(1);
  return percent_decoded(path);
}

std::optional<std::vector<std::pair<std::string, std::string>>> query_parameters(
    std::string_view query) {
  std::vector<std::pair<std::string, std::string>> parameters;
  while (!query.empty()) {
    const auto end = query.find('&');
    const std::string_view one = query.substr(0, end);
    query = end == std::string_view::npos ? std::string_view{} : query.substr(end + 1);
    const auto equals = one.find('=');
    auto name = percent_decoded(one.substr(0, equals));
    auto value = percent_decoded(equals == std::string_view::npos ? "" : one.substr(equals + 1));
    if (!name || !value) return std::nullopt;
    parameters.emplace_back(std::move(*name), std::move(*value));
  }
  return parameters;
}

}  // namespace waypost::relay
