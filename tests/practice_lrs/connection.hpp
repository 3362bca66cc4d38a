#pragma once

#include <cstddef>
#include <memory>
#include <optional>

#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/core/tcp_stream.hpp>
#include <boost/beast/http/parser.hpp>

#include "practice_lrs/http.hpp"
#include "practice_lrs/service.hpp"

namespace waypost::practice {

// One client: reads a request, has it answered, and so on. Lives as long as something is under way.
class Connection : public std::enable_shared_from_this<Connection> {
 public:
  // `open` counts the connections there are.
  Connection(boost::asio::ip::tcp::socket socket, Service& service, std::size_t& open);
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;
  ~Connection();

  void read();

 private:
  void on_read(const boost::beast::error_code& failed);
  void answer(Answer answer);
  void write(Answer answer);
  void reset();

  using Response = boost::beast::http::response<boost::beast::http::string_body>;

  boost::beast::tcp_stream stream_;
  boost::asio::steady_timer delay_;
  boost::beast::flat_buffer buffer_;
  std::optional<boost::beast::http::request_parser<boost::beast::http::string_body>> parser_;
  std::optional<Response> response_;
  Service& service_;
  std::size_t& open_;
};

}  // namespace waypost::practice
