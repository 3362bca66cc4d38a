#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>

#include <boost/beast/core/flat_buffer.hpp>

#include "proxy/http/application.hpp"
#include "proxy/http/request_parser.hpp"
#include "proxy/http/socket.hpp"
#include "proxy/http/worker.hpp"

namespace waypost::relay {

// One client connection: reads a request with bounds on its size and time, has it answered, and
// then reads the next. Everything but respond() runs in the worker's thread.
class Connection final : public Exchange, public std::enable_shared_from_this<Connection> {
 public:
  // The application, the worker and the state outlive it.
  Connection(Socket socket, Application& application, Worker& worker, EdgeState& state);
  ~Connection() override;

  void start();

  Request& request() override { return request_; }

  void respond(Response response) override;

  void expire(std::chrono::steady_clock::time_point now);
  void close_if_idle();
  void close();

 private:
  enum class Phase : std::uint8_t { Idle, Head, Body, Handling, Writing, Lingering, Closed };

  void next_request();
  void read_more();
  void on_read(boost::system::error_code error, std::size_t bytes);
  void advance();
  bool parse();
  bool head_is_read();
  bool take_body();
  void handle();
  void refuse(Response response);
  void refuse_unparsed(const boost::system::error_code& error);
  void write(Response response);
  void compose_head(bool keep_alive);
  void on_written(bool keep_alive);
  void linger();
  void discard_more();
  void set_deadline(std::int64_t ms);
  void release_body();

  Socket socket_;
  Application& application_;
  Worker& worker_;
  EdgeState& state_;
  boost::beast::flat_buffer buffer_;
  std::optional<RequestParser> parser_;
  Request request_;
  std::function<void(const std::shared_ptr<Exchange>&)> handle_;
  Response response_;
  std::string head_;  // of the response
  Phase phase_ = Phase::Idle;
  std::size_t head_bytes_ = 0;
  std::size_t body_bytes_max_ = 0;
  std::size_t body_bytes_held_ = 0;
  std::size_t discarded_bytes_ = 0;
  bool body_unread_ = false;
  std::chrono::steady_clock::time_point deadline_;
  std::chrono::steady_clock::time_point body_deadline_;
};

}  // namespace waypost::relay
