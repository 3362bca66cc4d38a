#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>

namespace waypost::tests {

struct RawAnswer {
  int status = 0;                              // 0: the connection ended before a whole answer
  std::map<std::string, std::string> headers;  // names in lower case
  std::string body;

  std::string header(const std::string& name) const;
};

// A connection that sends any bytes, right or wrong. Reading gives up after 20 s.
class RawClient {
 public:
  explicit RawClient(std::uint16_t port);

  void send(std::string_view bytes);

  // The next answer; `bodiless` for the answer to HEAD.
  RawAnswer read(bool bodiless = false);

  RawAnswer ask(std::string_view bytes) {
    send(bytes);
    return read();
  }

  // Whether the server ends the connection, without another answer.
  bool is_closed();

 private:
  bool fill();

  boost::asio::io_context io_;
  boost::asio::ip::tcp::socket socket_;
  std::string buffer_;
};

// A request with a body and its length; `head` holds the other lines, each ended by CRLF.
std::string request_text(std::string_view method, std::string_view target, std::string_view head,
                         std::string_view body);

}  // namespace waypost::tests
