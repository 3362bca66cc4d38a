#include "proxy/scripted_server.hpp"

#include <array>
#include <future>
#include <utility>

#include <boost/asio/post.hpp>
#include <boost/asio/read.hpp>
#include <boost/asio/write.hpp>

namespace waypost::tests {

namespace asio = boost::asio;
using asio::ip::tcp;

struct ScriptedServer::Client {
  tcp::socket socket;
  std::array<char, 65'536> asked{};
};

ScriptedServer::ScriptedServer(std::string answer, Then then)
    : answer_(std::move(answer)),
      then_(then),
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

void ScriptedServer::say_unasked(const std::string& bytes) {
  std::promise<void> said;
  asio::post(io_, [&] {
    asio::write(last_->socket, asio::buffer(bytes));
    said.set_value();
  });
  said.get_future().wait();
}

void ScriptedServer::serve(tcp::socket socket) {
  const auto client = std::make_shared<Client>(Client{std::move(socket)});
  if (then_ == Then::Stays) last_ = client;
  client->socket.async_read_some(
      asio::buffer(client->asked),
      [this, client](const boost::system::error_code& failed, std::size_t) {
        if (failed) return;
        asio::async_write(client->socket, asio::buffer(answer_),
                          [client](const boost::system::error_code&, std::size_t) {});
      });
}

}  // namespace waypost::tests
