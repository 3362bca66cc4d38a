#pragma once

#include <cstddef>
#include <cstdint>

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/signal_set.hpp>
#include <boost/asio/steady_timer.hpp>

#include "practice_lrs/options.hpp"
#include "practice_lrs/service.hpp"

namespace waypost::practice {

// The practice LRS as a server in one thread. Construction listens, or throws
// boost::system::system_error; run() serves until stop() is called, from any thread.
class Server {
 public:
  explicit Server(const Options& options);

  std::uint16_t port() const { return port_; }

  void stop_on_signals();  // SIGINT and SIGTERM
  void run();
  void stop();

 private:
  void accept();

  // Outlives the context, whose end destroys the connections that count here.
  std::size_t open_connections_ = 0;
  boost::asio::io_context io_;
  boost::asio::ip::tcp::acceptor acceptor_;
  boost::asio::steady_timer accept_again_;
  boost::asio::signal_set signals_;
  std::uint16_t port_ = 0;
  Service service_;
};

}  // namespace waypost::practice
