#include "practice_lrs/server.hpp"

#include <chrono>
#include <csignal>
#include <memory>
#include <utility>

#include "practice_lrs/connection.hpp"

namespace waypost::practice {
namespace {

namespace asio = boost::asio;
using asio::ip::tcp;

constexpr std::size_t kConnectionsMax = 256;
constexpr std::chrono::milliseconds kAcceptAgain{100};

}  // namespace

Server::Server(const Options& options)
    : io_(1),
      acceptor_(io_, tcp::endpoint(asio::ip::make_address(options.address), options.port)),
      accept_again_(io_),
      signals_(io_),
      port_(acceptor_.local_endpoint().port()),
      service_(io_, options) {}

void Server::stop_on_signals() {
  signals_.add(SIGINT);
  signals_.add(SIGTERM);
  signals_.async_wait([this](const boost::system::error_code& cancelled, int) {
    if (!cancelled) stop();
  });
}

void Server::run() {
  accept();
  io_.run();
}

void Server::stop() {
  io_.stop();
}

void Server::accept() {
  acceptor_.async_accept([this](const boost::system::error_code& failed, tcp::socket socket) {
    if (failed) {
      // Out of file descriptors, for example: the loop must outlive it.
      accept_again_.expires_after(kAcceptAgain);
      accept_again_.async_wait([this](const boost::system::error_code& cancelled) {
        if (!cancelled) accept();
      });
      return;
    }
    if (open_connections_ < kConnectionsMax) {
      boost::system::error_code ignored;  // only speed depends on it
      socket.set_option(tcp::no_delay(true), ignored);
      std::make_shared<Connection>(std::move(socket), service_, open_connections_)->read();
    }
    accept();
  });
}

}  // namespace waypost::practice
