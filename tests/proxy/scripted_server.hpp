#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <thread>

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>

namespace waypost::tests {

// Sends the same bytes to everyone who connects, whatever they ask, and closes or stays.
class ScriptedServer {
 public:
  enum class Then : std::uint8_t { Closes, Stays };

  explicit ScriptedServer(std::string answer, Then then = Then::Closes);
  ScriptedServer(const ScriptedServer&) = delete;
  ScriptedServer& operator=(const ScriptedServer&) = delete;
  ~ScriptedServer();

  // Sends these bytes too on the last connection, which stays; they have arrived when it returns.
  void say_unasked(const std::string& bytes);

  std::uint16_t port() const { return acceptor_.local_endpoint().port(); }

 private:
  struct Client;

  void accept();
  void serve(boost::asio::ip::tcp::socket socket);

  std::string answer_;
  Then then_;
  boost::asio::io_context io_;
  boost::asio::ip::tcp::acceptor acceptor_;
  std::shared_ptr<Client> last_;
  std::thread thread_;
};

}  // namespace waypost::tests
