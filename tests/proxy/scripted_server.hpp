#pragma once

#include <cstdint>
#include <string>
#include <thread>

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>

namespace waypost::tests {

// Sends the same bytes to everyone who connects, whatever they ask, and closes.
class ScriptedServer {
 public:
  explicit ScriptedServer(std::string answer);
  ScriptedServer(const ScriptedServer&) = delete;
  ScriptedServer& operator=(const ScriptedServer&) = delete;
  ~ScriptedServer();

  std::uint16_t port() const { return acceptor_.local_endpoint().port(); }

 private:
  void accept();
  void serve(boost::asio::ip::tcp::socket socket);

  std::string answer_;
  boost::asio::io_context io_;
  boost::asio::ip::tcp::acceptor acceptor_;
  std::thread thread_;
};

}  // namespace waypost::tests
