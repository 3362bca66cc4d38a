#pragma once

#include <bitset>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

#include <boost/beast/http/basic_parser.hpp>

#include "proxy/http/request.hpp"

namespace waypost::relay {

// Beast's HTTP/1.x parser writing straight into a Request: no container of all headers is built.
class RequestParser : public boost::beast::http::basic_parser<true> {
 public:
  // `request` is empty and outlives the parser.
  explicit RequestParser(Request& request);

  // Why the head, though well-formed, is not served (RFC 9112 sections 3.2, 6.1 and 6.3). Valid
  // when is_header_done().
  std::optional<std::string_view> frame_flaw() const;

  bool is_http_1_1() const { return version_ >= 11; }

  bool has_body() const { return chunked() || content_length().value_or(0) > 0; }

 private:
  using StringView = boost::beast::string_view;
  using ErrorCode = boost::beast::error_code;
  using Field = boost::beast::http::field;

  bool seen(Header header) const { return seen_.test(static_cast<std::size_t>(header)); }

  void on_request_impl(boost::beast::http::verb method, StringView method_text, StringView target,
                       int version, ErrorCode& error) override;
  void on_response_impl(int code, StringView reason, int version, ErrorCode& error) override;
  void on_field_impl(Field field, StringView name, StringView value, ErrorCode& error) override;
  void on_header_impl(ErrorCode& error) override;
  void on_body_init_impl(const boost::optional<std::uint64_t>& length, ErrorCode& error) override;
  std::size_t on_body_impl(StringView body, ErrorCode& error) override;
  void on_chunk_header_impl(std::uint64_t size, StringView extensions, ErrorCode& error) override;
  std::size_t on_chunk_body_impl(std::uint64_t remain, StringView body, ErrorCode& error) override;
  void on_finish_impl(ErrorCode& error) override;

  Request& request_;
  std::bitset<kHeaderCount> seen_;
  int version_ = 0;
  bool repeated_ = false;  // a header that means one thing came twice
};

}  // namespace waypost::relay
