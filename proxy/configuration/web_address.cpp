#include "proxy/configuration/web_address.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <memory>

#include <arpa/inet.h>
#include <curl/curl.h>

namespace waypost::relay {
namespace {

struct UrlCloser {
  void operator()(CURLU* url) const { curl_url_cleanup(url); }
};

using Url = std::unique_ptr<CURLU, UrlCloser>;

// libcurl sends the requests, so its reading of a URL is the one that counts.
Url parse(const std::string& text) {
  Url url(curl_url());
  if (url && curl_url_set(url.get(), CURLUPART_URL, text.c_str(), 0) != CURLUE_OK) url.reset();
  return url;
}

std::string part(const Url& url, CURLUPart which) {
  char* text = nullptr;
  if (curl_url_get(url.get(), which, &text, 0) != CURLUE_OK) return {};
  std::string copy(text);
  curl_free(text);
  return copy;
}

bool is_plain(std::string_view text) {
  return std::all_of(text.begin(), text.end(), [](char c) { return c > ' ' && c < 0x7F; });
}

std::string in_lower_case(std::string text) {
  std::transform(text.begin(), text.end(), text.begin(),
                 [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; });
  return text;
}

// A user name may be empty and be one all the same.
bool holds_user(const Url& url, const std::string& text) {
  return !part(url, CURLUPART_USER).empty() || !part(url, CURLUPART_PASSWORD).empty() ||
         text.find('@') < text.find('/', text.find("//") + 2);
}

bool is_web_scheme(std::string_view scheme) {
  return scheme == "http" || scheme == "https";
}

std::string_view without_slash(std::string_view url) {
  if (url.ends_with('/')) url.remove_suffix(1);
  return url;
}

}  // namespace

std::optional<std::string> flaw_of_lrs_url(const std::string& text) {
  const Url url = is_plain(text) ? parse(text) : Url();
  if (!url || !is_web_scheme(in_lower_case(part(url, CURLUPART_SCHEME)))) {
    return "is no http or https URL; write one such as \"https://lrs.example.org/xapi/\"";
  }
  if (holds_user(url, text)) {
    return "holds a user name or password; write them as api_key and in api_secret_file";
  }
  if (text.find('#') != std::string::npos) return "holds a fragment; leave out # and all behind it";
  if (text.find('?') != std::string::npos) return "holds a query; leave out ? and all behind it";
  if (part(url, CURLUPART_PORT) == "0") return "holds port 0; write the port of the LRS";
  if (without_slash(text).ends_with("/statements")) {
    return "ends in statements, which the relay appends itself; leave it out";
  }
  return std::nullopt;
}

bool is_same_endpoint(std::string_view left, std::string_view right) {
  return without_slash(left) == without_slash(right);
}

std::optional<std::string> flaw_of_webhook_url(const std::string& text) {
  const Url url = is_plain(text) ? parse(text) : Url();
  if (!url || !is_web_scheme(in_lower_case(part(url, CURLUPART_SCHEME)))) {
    return "is no http or https URL; write one such as \"https://hooks.example.org/waypost\"";
  }
  if (holds_user(url, text)) return "holds a user name or password; use a webhook without";
  if (text.find('#') != std::string::npos) return "holds a fragment; leave out # and all behind it";
  return std::nullopt;
}

std::optional<std::string> flaw_of_smtp_url(const std::string& text) {
  const Url url = is_plain(text) ? parse(text) : Url();
  const std::string scheme = url ? in_lower_case(part(url, CURLUPART_SCHEME)) : std::string();
  if (scheme != "smtp" && scheme != "smtps") {
    return "is no smtp or smtps URL; write one such as \"smtp://mail.example.org:587\"";
  }
  if (holds_user(url, text)) {
    return "holds a user name or password; write them as smtp_user and in smtp_password_file";
  }
  const std::string path = part(url, CURLUPART_PATH);
  if ((!path.empty() && path != "/") || text.find_first_of("?#") != std::string::npos) {
    return "holds more than a host and a port; leave out what is behind them";
  }
  return std::nullopt;
}

bool is_loopback_url(const std::string& text) {
  const Url url = parse(text);
  if (!url) return false;
  const std::string host = in_lower_case(part(url, CURLUPART_HOST));
  std::array<unsigned char, sizeof(in6_addr)> binary{};
  const bool numeric = inet_pton(AF_INET, host.c_str(), binary.data()) == 1;
  return host == "localhost" || host == "[::1]" || (numeric && binary.front() == 127);
}

bool is_mail_address(std::string_view text) {
  constexpr std::size_t kLengthMax = 254;
  const auto at = text.find('@');
  if (text.size() > kLengthMax || at == 0 || at == std::string_view::npos) return false;
  const auto is_part = [](std::string_view part) {
    return !part.empty() && part.front() != '.' && part.back() != '.' &&
           std::all_of(part.begin(), part.end(), [](char c) {
             return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
                    std::string_view(".-_+=~!#$%&'*/?^`{|}").find(c) != std::string_view::npos;
           });
  };
  return is_part(text.substr(0, at)) && is_part(text.substr(at + 1));
}

bool is_one_plain_line(std::string_view text) {
  return !text.empty() && std::all_of(text.begin(), text.end(), [](char c) {
    return static_cast<unsigned char>(c) >= ' ' && c != 0x7F;
  });
}

std::optional<std::string> flaw_of_origin(const std::string& text) {
  static constexpr std::string_view kExample =
      "write it as browsers send it, such as \"https://courses.example.org\"";
  const Url url = is_plain(text) ? parse(text) : Url();
  const std::string scheme = url ? in_lower_case(part(url, CURLUPART_SCHEME)) : std::string();
  if (!is_web_scheme(scheme)) return "is no origin; " + std::string(kExample);
  const std::string port = part(url, CURLUPART_PORT);
  const bool usual_port = port.empty() || port == (scheme == "http" ? "80" : "443");
  const std::string right = scheme + "://" + in_lower_case(part(url, CURLUPART_HOST)) +
                            (usual_port ? std::string() : ':' + port);
  if (text != right) return "is not written as browsers send it; write \"" + right + '"';
  return std::nullopt;
}

std::optional<ListenAddress> parse_listen_address(std::string_view text) {
  const auto colon = text.rfind(':');
  if (colon == std::string_view::npos) return std::nullopt;
  const std::string_view port = text.substr(colon + 1);
  ListenAddress address;
  const auto [end, error] = std::from_chars(port.data(), port.data() + port.size(), address.port);
  if (error != std::errc() || end != port.data() + port.size()) return std::nullopt;
  std::string host(text.substr(0, colon));
  if (host == "localhost") host = "127.0.0.1";
  const bool bracketed = host.size() > 2 && host.front() == '[' && host.back() == ']';
  if (bracketed) host = host.substr(1, host.size() - 2);
  std::array<unsigned char, sizeof(in6_addr)> binary{};
  if (inet_pton(bracketed ? AF_INET6 : AF_INET, host.c_str(), binary.data()) != 1) {
    return std::nullopt;
  }
  address.host = std::move(host);
  return address;
}

}  // namespace waypost::relay
