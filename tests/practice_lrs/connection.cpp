#include "practice_lrs/connection.hpp"

#include <chrono>
#include <cstdint>
#include <utility>

#include <boost/beast/http/read.hpp>
#include <boost/beast/http/write.hpp>

#include "waypost/limits.hpp"

namespace waypost::practice {
namespace {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace http = boost::beast::http;

constexpr std::uint32_t kHeaderBytesMax = 16 * limits::kKiB;
constexpr std::size_t kBufferBytes = 64 * limits::kKiB;
constexpr std::chrono::seconds kIdleMax{120};

}  // namespace

Connection::Connection(asio::ip::tcp::socket socket, Service& service, std::size_t& open)
    : stream_(std::move(socket)), delay_(stream_.get_executor()), service_(service), open_(open) {
  ++open_;
  buffer_.reserve(kBufferBytes);
}

Connection::~Connection() {
  --open_;
}

void Connection::read() {
  parser_.emplace();
  parser_->header_limit(kHeaderBytesMax);
  parser_->body_limit(limits::kWebServerBodyBytesMax);
  stream_.expires_after(kIdleMax);
  http::async_read(stream_, buffer_, *parser_,
                   [self = shared_from_this()](const beast::error_code& failed, std::size_t) {
                     self->on_read(failed);
                   });
}

void Connection::on_read(const beast::error_code& failed) {
  if (failed == http::error::body_limit || failed == http::error::header_limit) {
    parser_->get().keep_alive(false);
    write(plain_text(failed == http::error::body_limit ? 413 : 431, "too large\n"));
    return;
  }
  if (failed) return;  // the client has gone, or does not speak HTTP: the socket closes
  service_.handle(parser_->get(),
                  [self = shared_from_this()](Answer answer) { self->answer(std::move(answer)); });
}

void Connection::answer(Answer answer) {
  if (answer.delay.ms == 0) {
    answer.reset ? reset() : write(std::move(answer));
    return;
  }
  delay_.expires_after(std::chrono::milliseconds(answer.delay.ms));
  answer.delay = {};
  delay_.async_wait([self = shared_from_this(),
                     later = std::move(answer)](const beast::error_code& cancelled) mutable {
    if (!cancelled) self->answer(std::move(later));
  });
}

void Connection::write(Answer answer) {
  const Request& request = parser_->get();
  response_.emplace();
  response_->version(request.version());
  response_->result(answer.status);  // Beast has no name for some
  response_->keep_alive(request.keep_alive());
  response_->set(http::field::cache_control, "no-store");
  response_->set("X-Content-Type-Options", "nosniff");
  for (const auto& [name, value] : answer.headers) response_->set(name, value);
  if (answer.status != 204) {
    response_->set(http::field::content_type, answer.content_type);
    response_->body() = std::move(answer.body);
    response_->prepare_payload();
  }
  stream_.expires_after(kIdleMax);
  http::async_write(stream_, *response_,
                    [self = shared_from_this()](const beast::error_code& failed, std::size_t) {
                      if (!failed && self->response_->keep_alive()) self->read();
                    });
}

void Connection::reset() {
  beast::error_code ignored;  // the connection ends either way
  stream_.socket().set_option(asio::socket_base::linger(true, 0), ignored);
  stream_.socket().close(ignored);
}

}  // namespace waypost::practice
