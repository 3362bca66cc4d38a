#include "proxy/http/request_parser.hpp"

#include <algorithm>

#include <boost/beast/core/string.hpp>
#include <boost/beast/http/error.hpp>

#include "waypost/limits.hpp"

namespace waypost::relay {
namespace {

namespace http = boost::beast::http;

// A body that was announced larger grows as it arrives: an announcement alone costs little memory.
constexpr std::uint64_t kBodyReservedMax = 64 * limits::kKiB;

Method method_of(http::verb verb) {
  switch (verb) {
    case http::verb::get: return Method::Get;
    case http::verb::head: return Method::Head;
    case http::verb::post: return Method::Post;
    case http::verb::put: return Method::Put;
    case http::verb::delete_: return Method::Delete;
    case http::verb::options: return Method::Options;
    default: return Method::Other;
  }
}

std::optional<Header> header_of(http::field field, boost::beast::string_view name) {
  switch (field) {
    case http::field::host: return Header::Host;
    case http::field::origin: return Header::Origin;
    case http::field::content_type: return Header::ContentType;
    case http::field::content_encoding: return Header::ContentEncoding;
    case http::field::transfer_encoding: return Header::TransferEncoding;
    case http::field::expect: return Header::Expect;
    case http::field::accept_encoding: return Header::AcceptEncoding;
    case http::field::if_none_match: return Header::IfNoneMatch;
    case http::field::access_control_request_method: return Header::RequestMethod;
    case http::field::unknown: break;
    default: return std::nullopt;
  }
  if (boost::beast::iequals(name, "X-Experience-API-Version")) return Header::XapiVersion;
  return std::nullopt;
}

// Lists that may be split over several headers; the first is enough for what they are used for.
bool may_repeat(Header header) {
  return header == Header::AcceptEncoding || header == Header::IfNoneMatch;
}

}  // namespace

RequestParser::RequestParser(Request& request) : request_(request) {
  header_limit(static_cast<std::uint32_t>(limits::kRequestHeadBytesMax));
  body_limit(boost::none);  // the connection sets it when it knows the head
}

std::optional<std::string_view> RequestParser::frame_flaw() const {
  if (is_http_1_1() && !seen(Header::Host)) return "Send a Host header.";
  if (repeated_) return "A header that may come once came twice.";
  if (seen(Header::TransferEncoding)) {
    const std::string_view encoding = request_.header(Header::TransferEncoding);
    if (!is_http_1_1() || !boost::beast::iequals(encoding, "chunked")) {
      return "The only Transfer-Encoding taken is chunked, in HTTP/1.1.";
    }
  }
  return std::nullopt;
}

void RequestParser::on_request_impl(http::verb method, StringView /*method_text*/,
                                    StringView target, int version, ErrorCode& error) {
  if (target.size() > limits::kRequestTargetBytesMax) {
    error = http::error::bad_target;
    return;
  }
  version_ = version;
  request_.method = method_of(method);
  request_.target.assign(target.data(), target.size());
}

void RequestParser::on_response_impl(int /*code*/, StringView /*reason*/, int /*version*/,
                                     ErrorCode& error) {
  error = http::error::bad_version;
}

void RequestParser::on_field_impl(Field field, StringView name, StringView value,
                                  ErrorCode& /*error*/) {
  if (is_header_done()) return;  // a trailer says nothing here
  const auto header = header_of(field, name);
  if (!header) return;
  const auto index = static_cast<std::size_t>(*header);
  if (seen_.test(index)) {
    if (!may_repeat(*header)) repeated_ = true;
    return;
  }
  seen_.set(index);
  request_.headers.at(index).assign(value.data(), value.size());
}

void RequestParser::on_header_impl(ErrorCode& /*error*/) {}

void RequestParser::on_body_init_impl(const boost::optional<std::uint64_t>& length,
                                      ErrorCode& /*error*/) {
  const auto reserved = std::min<std::uint64_t>(length.value_or(0), kBodyReservedMax);
  request_.body.reserve(static_cast<std::size_t>(reserved));
}

std::size_t RequestParser::on_body_impl(StringView body, ErrorCode& /*error*/) {
  request_.body.append(body.data(), body.size());
  return body.size();
}

void RequestParser::on_chunk_header_impl(std::uint64_t /*size*/, StringView /*extensions*/,
                                         ErrorCode& /*error*/) {}

std::size_t RequestParser::on_chunk_body_impl(std::uint64_t /*remain*/, StringView body,
                                              ErrorCode& /*error*/) {
  request_.body.append(body.data(), body.size());
  return body.size();
}

void RequestParser::on_finish_impl(ErrorCode& /*error*/) {}

}  // namespace waypost::relay
