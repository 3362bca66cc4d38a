#include "proxy/scripted_server.hpp"

#include <array>
#include <memory>
#include <utility>

#include <boost/asio/read.hpp>
#include <boost/asio/write.hpp>

namespace waypost::tests {

namespace asio = boost::asio;
using asio::ip::tcp;

ScriptedServer::ScriptedServer(std::string answer)
    : answer_(std::move(answer)),
      acceptor_(io_, tcp::endpoint(asio::ip::make_address("127.0.0.1"), 0)) {
  accept();
  thread_ = std::thread([this] { io_.run(); });
}

ScriptedServer::~ScriptedServer() {
  io_.stop();
  thread_.join();
}

void ScriptedServer::accept() {
  acceptor_.async_accept([this](const boost::system::error_code& failed, tcp::socket socket) {
    if (failed) return;
    serve(std::move(socket));
    accept();
  });
}

void ScriptedServer::serve(tcp::socket socket) {
  struct Client {
    tcp::socket socket;
    std::array<char, 65'536> asked{};
  };

  const auto client = std::make_shared<Client>(Client{std::move(socket)});
  client->socket.async_read_some(
      asio::buffer(client->asked),
      [this, client](const boost::system::error_code& failed, std::size_t) {
        if (failed) return;
        asio::async_write(client->socket, asio::buffer(answer_),
                          [client](const boost::system::error_code&, std::size_t) {});
      });
}

}  // namespace waypost::tests
