#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace waypost::relay {

enum class Method : std::uint8_t { Get, Head, Post, Put, Delete, Options, Other };

// The headers that anything here looks at; all others are read and dropped.
enum class Header : std::uint8_t {
  Host,
  Origin,
  ContentType,
  ContentEncoding,
  TransferEncoding,
  Expect,
  AcceptEncoding,
  IfNoneMatch,
  RequestMethod,  // Access-Control-Request-Method
  XapiVersion,    // X-Experience-API-Version
};

inline constexpr std::size_t kHeaderCount = 10;

// One request as it was read from a connection, which keeps it for the next one.
struct Request {
  Method method = Method::Other;
  std::string target;  // path and query, as received
  std::array<std::string, kHeaderCount> headers;
  std::string body;

  std::string_view header(Header name) const { return headers[static_cast<std::size_t>(name)]; }

  std::string_view path() const { return std::string_view(target).substr(0, target.find('?')); }

  std::string_view query() const {
    const auto at = target.find('?');
    return at == std::string::npos ? std::string_view{} : std::string_view(target).substr(at + 1);
  }

  // Empties everything; small memory is kept for the next request, large is given back.
  void clear();
};

}  // namespace waypost::relay
