#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include <boost/asio/steady_timer.hpp>

#include "proxy/http/application.hpp"
#include "proxy/http/listen_address.hpp"
#include "proxy/http/socket.hpp"
#include "proxy/http/worker.hpp"

namespace waypost::relay {

// Accepts connections and deals them out to the workers. It lives in the first worker's thread and
// ends only by stop(): what goes wrong with accepting is waited out.
class Listener {
 public:
  Listener(std::vector<std::unique_ptr<Worker>>& workers, Application& application,
           EdgeState& state, std::size_t connections_max);

  // Returns what is wrong in a sentence, or an empty string.
  std::string open(const ListenAddress& address);

  // A Unix socket for the owner of the process alone; what lies in its place is removed.
  std::string open(const std::filesystem::path& path);

  void start();

  // In the first worker's thread.
  void stop();

  std::uint16_t port() const { return port_; }

 private:
  void accept();
  void on_accept(boost::system::error_code error, std::size_t worker, Socket socket);
  static void turn_away(Socket socket);
  void wait_after(const boost::system::error_code& error);

  std::vector<std::unique_ptr<Worker>>& workers_;
  Application& application_;
  EdgeState& state_;
  std::size_t connections_max_;
  Acceptor acceptor_;
  boost::asio::steady_timer pause_;
  std::int64_t pause_ms_ = 0;
  std::size_t next_worker_ = 0;
  std::uint16_t port_ = 0;
  bool stopped_ = false;
};

}  // namespace waypost::relay
