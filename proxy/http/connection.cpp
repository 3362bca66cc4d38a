#include "proxy/http/connection.hpp"

#include <algorithm>
#include <array>
#include <exception>
#include <utility>

#include <boost/asio/buffer.hpp>
#include <boost/asio/dispatch.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/write.hpp>
#include <boost/beast/core/string.hpp>
#include <boost/beast/http/error.hpp>
#include <boost/beast/http/status.hpp>

#include "proxy/operations/clock.hpp"
#include "proxy/operations/log.hpp"
#include "waypost/limits.hpp"

namespace waypost::relay {
namespace {

namespace asio = boost::asio;
namespace http = boost::beast::http;

// One read takes a usual request whole; a large body is read in large pieces.
constexpr std::size_t kSmallBufferBytes = 8 * limits::kKiB;
constexpr std::size_t kLargeBufferBytes = 64 * limits::kKiB;
constexpr std::size_t kBufferBytesMax = 128 * limits::kKiB;
constexpr std::string_view kContinue = "HTTP/1.1 100 Continue\r\n\r\n";

// Answers that never have a body (RFC 9110 sections 15.3.5 and 15.4.5).
bool bodiless(unsigned status) {
  return status == 204 || status == 304;
}

}  // namespace

Connection::Connection(Socket socket, Application& application, Worker& worker, EdgeState& state)
    : socket_(std::move(socket)),
      application_(application),
      worker_(worker),
      state_(state),
      buffer_(kBufferBytesMax) {}

Connection::~Connection() = default;

void Connection::start() {
  boost::system::error_code ignored_where_unsupported;
  socket_.set_option(asio::ip::tcp::no_delay(true), ignored_where_unsupported);
  worker_.add(shared_from_this());
  buffer_.reserve(kSmallBufferBytes);
  next_request();
  set_deadline(state_.times.head_ms);
  read_more();
}

void Connection::next_request() {
  request_.clear();
  response_ = Response();
  parser_.emplace(request_);
  parser_->eager(false);
  phase_ = Phase::Idle;
  head_bytes_ = 0;
  body_unread_ = false;
  if (buffer_.size() == 0 && buffer_.capacity() > kSmallBufferBytes) {
    buffer_ = boost::beast::flat_buffer(kBufferBytesMax);
    buffer_.reserve(kSmallBufferBytes);
  }
  set_deadline(state_.times.idle_ms);
}

void Connection::read_more() {
  const std::size_t room = buffer_.max_size() - buffer_.size();
  if (room == 0) return refuse_unparsed(http::error::bad_chunk);
  const std::size_t spare = buffer_.capacity() - buffer_.size();
  const std::size_t bytes = std::min(room, std::max<std::size_t>(spare, 512));
  socket_.async_read_some(buffer_.prepare(bytes),
                          [self = shared_from_this()](boost::system::error_code error,
                                                      std::size_t n) { self->on_read(error, n); });
}

void Connection::on_read(boost::system::error_code error, std::size_t bytes) {
  // A request that came too slowly is being answered.
  if (phase_ != Phase::Idle && phase_ != Phase::Head && phase_ != Phase::Body) return;
  if (error) return close();
  buffer_.commit(bytes);
  if (phase_ == Phase::Body) {
    const auto stall = std::chrono::milliseconds(state_.times.body_stall_ms);
    deadline_ = std::min(steady_now() + stall, body_deadline_);
  }
  advance();
}

void Connection::advance() {
  if (phase_ == Phase::Idle && buffer_.size() > 0) {
    phase_ = Phase::Head;
    set_deadline(state_.times.head_ms);
  }
  try {
    if (parse()) read_more();
  } catch (const std::exception& error) {
    log(LogLevel::Error, "request failed", {{"reason", std::string_view(error.what())}});
    close();
  }
}

// Whether more of the request must be read; otherwise it was taken care of.
bool Connection::parse() {
  while (buffer_.size() > 0) {
    boost::system::error_code error;
    const std::size_t used = parser_->put(buffer_.data(), error);
    buffer_.consume(used);
    if (phase_ == Phase::Head) {
      head_bytes_ += used;
      const std::size_t pending = parser_->is_header_done() ? 0 : buffer_.size();
      if (head_bytes_ + pending > limits::kRequestHeadBytesMax) error = http::error::header_limit;
    }
    if (error == http::error::need_more) return true;
    if (error) {
      refuse_unparsed(error);
      return false;
    }
    if (phase_ == Phase::Head && parser_->is_header_done() && !head_is_read()) return false;
    if (parser_->is_done()) {
      handle();
      return false;
    }
  }
  return true;
}

// Whether to go on reading; otherwise the request is refused by its head alone.
bool Connection::head_is_read() {
  body_unread_ = parser_->has_body();
  if (const auto flaw = parser_->frame_flaw()) {
    Response refusal = error_response(400, ErrorCode::BadRequest, *flaw);
    refusal.close = true;
    refuse(std::move(refusal));
    return false;
  }
  Admission admission = application_.admit(request_);
  if (admission.refusal) {
    if (body_unread_) admission.refusal->close = true;  // else it would be the next request
    write(std::move(*admission.refusal));
    return false;
  }
  handle_ = std::move(admission.handle);
  body_bytes_max_ = admission.body_bytes_max;
  return !parser_->has_body() || take_body();
}

bool Connection::take_body() {
  const auto announced = parser_->content_length();
  if (announced && *announced > body_bytes_max_) {
    refuse_unparsed(http::error::body_limit);
    return false;
  }
  body_bytes_held_ = announced ? static_cast<std::size_t>(*announced) : body_bytes_max_;
  if (state_.bodies_bytes.fetch_add(body_bytes_held_) + body_bytes_held_ >
      limits::kBodiesUnderWayBytesMax) {
    release_body();
    Response refusal = error_response(503, ErrorCode::Overloaded,
                                      "Too many large requests are under way. Ask again shortly.");
    refusal.add("Retry-After", "2");
    refuse(std::move(refusal));
    return false;
  }
  const std::string_view expect = request_.header(Header::Expect);
  if (!expect.empty() && !boost::beast::iequals(expect, "100-continue")) {
    refuse(error_response(417, ErrorCode::BadRequest, "The only Expect taken is 100-continue."));
    return false;
  }
  phase_ = Phase::Body;
  body_deadline_ = steady_now() + std::chrono::milliseconds(state_.times.body_ms);
  set_deadline(state_.times.body_stall_ms);
  parser_->body_limit(body_bytes_max_);
  parser_->eager(true);
  if (buffer_.size() + kSmallBufferBytes / 2 < body_bytes_held_) buffer_.reserve(kLargeBufferBytes);
  if (expect.empty() || buffer_.size() > 0) return true;
  asio::async_write(socket_, asio::buffer(kContinue),
                    [self = shared_from_this()](boost::system::error_code error, std::size_t) {
                      if (error) return self->close();
                      self->read_more();
                    });
  return false;
}

void Connection::handle() {
  body_unread_ = false;
  phase_ = Phase::Handling;
  try {
    handle_(shared_from_this());
  } catch (const std::exception& error) {
    log(LogLevel::Error, "request failed", {{"reason", std::string_view(error.what())}});
    respond(error_response(500, ErrorCode::Internal, "The relay made a mistake; it is logged."));
  }
}

void Connection::refuse(Response response) {
  application_.dress(request_, response);
  if (body_unread_) response.close = true;
  write(std::move(response));
}

void Connection::refuse_unparsed(const boost::system::error_code& error) {
  Response response;
  if (error == http::error::body_limit) {
    response = error_response(413, ErrorCode::TooLarge,
                              "A request may have " + std::to_string(body_bytes_max_) +
                                  " bytes here; this one has more. Send fewer entries.");
  } else if (error == http::error::header_limit) {
    response = error_response(431, ErrorCode::TooLarge,
                              "The head of a request may have " +
                                  std::to_string(limits::kRequestHeadBytesMax) +
                                  " bytes; this one has more.");
  } else {
    response = error_response(400, ErrorCode::BadRequest,
                              "This is not HTTP/1.1 (RFC 9112): " + error.message() + ".");
  }
  response.close = true;
  body_unread_ = true;
  refuse(std::move(response));
}

void Connection::respond(Response response) {
  asio::dispatch(socket_.get_executor(),
                 [self = shared_from_this(), answer = std::move(response)]() mutable {
                   if (self->phase_ == Phase::Handling) self->write(std::move(answer));
                 });
}

void Connection::write(Response response) {
  phase_ = Phase::Writing;
  set_deadline(state_.times.write_ms);
  response_ = std::move(response);
  application_.answered(response_.status);
  const bool keep_alive = !response_.close && parser_->is_header_done() && parser_->keep_alive() &&
                          !state_.draining.load(std::memory_order_relaxed);
  compose_head(keep_alive);
  const std::string_view content = request_.method == Method::Head || bodiless(response_.status)
                                       ? std::string_view{}
                                       : response_.content();
  const std::array<asio::const_buffer, 2> parts = {asio::buffer(head_), asio::buffer(content)};
  asio::async_write(socket_, parts,
                    [self = shared_from_this(), keep_alive](boost::system::error_code error,
                                                            std::size_t /*bytes*/) {
                      if (self->phase_ == Phase::Closed) return;
                      if (error) return self->close();
                      self->on_written(keep_alive);
                    });
}

void Connection::compose_head(bool keep_alive) {
  head_ = "HTTP/1.1 ";
  head_ += std::to_string(response_.status);
  head_ += ' ';
  const auto reason = http::obsolete_reason(static_cast<http::status>(response_.status));
  head_.append(reason.data(), reason.size());
  head_ += "\r\nDate: ";
  head_ += worker_.date();
  if (!response_.content_type.empty()) {
    head_ += "\r\nContent-Type: ";
    head_ += response_.content_type;
    head_ += "\r\nX-Content-Type-Options: nosniff";
  }
  if (!bodiless(response_.status)) {
    head_ += "\r\nContent-Length: ";
    head_ += std::to_string(response_.content().size());
  }
  for (const auto& [name, value] : response_.headers) {
    head_ += "\r\n";
    head_ += name;
    head_ += ": ";
    head_ += value;
  }
  if (!keep_alive) {
    head_ += "\r\nConnection: close";
  } else if (!parser_->is_http_1_1()) {
    head_ += "\r\nConnection: keep-alive";
  }
  head_ += "\r\n\r\n";
}

void Connection::on_written(bool keep_alive) {
  release_body();
  if (!keep_alive) return linger();
  next_request();
  if (buffer_.size() > 0) {
    advance();
  } else if (state_.draining.load(std::memory_order_relaxed)) {
    linger();
  } else {
    read_more();
  }
}

// Closing while the client still sends would reset the connection, and the answer with it
// (RFC 9112 section 9.6).
void Connection::linger() {
  phase_ = Phase::Lingering;
  set_deadline(state_.times.linger_ms);
  boost::system::error_code error;
  socket_.shutdown(asio::socket_base::shutdown_send, error);
  if (error) return close();
  discarded_bytes_ = 0;
  buffer_.clear();
  discard_more();
}

void Connection::discard_more() {
  socket_.async_read_some(
      buffer_.prepare(kSmallBufferBytes),
      [self = shared_from_this()](boost::system::error_code error, std::size_t bytes) {
        if (self->phase_ == Phase::Closed) return;
        self->discarded_bytes_ += bytes;
        if (error || self->discarded_bytes_ > limits::kLingerBytesMax) return self->close();
        self->discard_more();
      });
}

void Connection::set_deadline(std::int64_t ms) {
  deadline_ = steady_now() + std::chrono::milliseconds(ms);
}

void Connection::expire(std::chrono::steady_clock::time_point now) {
  if (phase_ == Phase::Handling || now < deadline_) return;
  if (phase_ == Phase::Head || phase_ == Phase::Body) {
    body_unread_ = true;
    boost::system::error_code error;
    socket_.cancel(error);
    Response late = error_response(408, ErrorCode::BadRequest, "The request came too slowly.");
    late.close = true;
    return refuse(std::move(late));
  }
  close();
}

void Connection::close_if_idle() {
  if (phase_ == Phase::Idle) close();
}

void Connection::release_body() {
  state_.bodies_bytes.fetch_sub(body_bytes_held_);
  body_bytes_held_ = 0;
}

void Connection::close() {
  if (phase_ == Phase::Closed) return;
  phase_ = Phase::Closed;
  boost::system::error_code error;
  socket_.close(error);
  release_body();
  state_.connections.fetch_sub(1);
  worker_.remove(shared_from_this());
}

}  // namespace waypost::relay
