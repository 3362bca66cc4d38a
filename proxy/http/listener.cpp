#include "proxy/http/listener.hpp"

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <cstring>
#include <string_view>
#include <utility>

#include <sys/stat.h>
#include <sys/un.h>

#include <boost/asio/buffer.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/local/stream_protocol.hpp>
#include <boost/asio/post.hpp>

#include "proxy/http/connection.hpp"
#include "proxy/operations/log.hpp"

namespace waypost::relay {
namespace {

namespace asio = boost::asio;
using asio::ip::tcp;

constexpr std::int64_t kPauseFirstMs = 10;
constexpr std::int64_t kPauseMaxMs = 1000;

constexpr std::string_view kTooManyConnections =
    "HTTP/1.1 503 Service Unavailable\r\nContent-Type: application/json\r\n"
    "Retry-After: 2\r\nConnection: close\r\n\r\n"
    // The end of the connection is the end of the body.
    R"({"error":{"code":"overloaded","message":"Too many connections are open."},"statements":[]})";

std::uint16_t port_of(const Acceptor::endpoint_type& bound) {
  tcp::endpoint endpoint;
  endpoint.resize(bound.size());
  std::memcpy(endpoint.data(), bound.data(), bound.size());
  return endpoint.port();
}

std::string trouble(std::string_view address, const boost::system::error_code& error) {
  std::string sentence = "cannot listen on " + std::string(address) + ": ";
  if (error == asio::error::address_in_use) {
    return sentence + "another program uses that port; stop it, or choose another port in [listen]";
  }
  if (error == asio::error::access_denied) {
    return sentence +
           "permission denied; ports below 1024 are for root, choose another in [listen]";
  }
  return sentence + error.message();
}

}  // namespace

std::string ListenAddress::text() const {
  const bool v6 = host.find(':') != std::string::npos;
  return (v6 ? '[' + host + ']' : host) + ':' + std::to_string(port);
}

Listener::Listener(std::vector<std::unique_ptr<Worker>>& workers, Application& application,
                   EdgeState& state, std::size_t connections_max)
    : workers_(workers),
      application_(application),
      state_(state),
      connections_max_(connections_max),
      acceptor_(workers.front()->context()),
      pause_(workers.front()->context()) {}

std::string Listener::open(const ListenAddress& address) {
  boost::system::error_code error;
  const auto host = asio::ip::make_address(address.host, error);
  if (error) return trouble(address.text(), error);
  const tcp::endpoint endpoint(host, address.port);
  acceptor_.open(endpoint.protocol(), error);
  if (!error) acceptor_.set_option(asio::socket_base::reuse_address(true), error);
  if (!error) acceptor_.bind(endpoint, error);
  if (!error) acceptor_.listen(asio::socket_base::max_listen_connections, error);
  if (error) return trouble(address.text(), error);
  port_ = port_of(acceptor_.local_endpoint(error));
  return {};
}

std::string Listener::open(const std::filesystem::path& path) {
  constexpr mode_t kOwnerOnly = 0600;
  boost::system::error_code error;
  if (path.native().size() >= sizeof(sockaddr_un::sun_path)) {
    return "the path " + path.string() + " is too long for a socket";
  }
  const asio::local::stream_protocol::endpoint endpoint(path.native());
  std::error_code ignored;  // bind says what matters
  std::filesystem::remove(path, ignored);
  acceptor_.open(endpoint.protocol(), error);
  // Before bind, which makes the file with the mode that the socket has.
  if (!error && ::fchmod(acceptor_.native_handle(), kOwnerOnly) != 0) {
    error.assign(errno, boost::system::system_category());
  }
  if (!error) acceptor_.bind(endpoint, error);
  if (!error) acceptor_.listen(asio::socket_base::max_listen_connections, error);
  return error ? "cannot listen on " + path.string() + ": " + error.message() : std::string();
}

void Listener::start() {
  accept();
}

void Listener::stop() {
  stopped_ = true;
  boost::system::error_code error;
  acceptor_.close(error);
  pause_.cancel();
}

void Listener::accept() {
  if (stopped_) return;
  const std::size_t worker = next_worker_;
  next_worker_ = (next_worker_ + 1) % workers_.size();
  acceptor_.async_accept(workers_[worker]->context(),
                         [this, worker](const boost::system::error_code& error, Socket socket) {
                           on_accept(error, worker, std::move(socket));
                         });
}

void Listener::on_accept(boost::system::error_code error, std::size_t worker, Socket socket) {
  if (stopped_) return;
  if (error) return wait_after(error);
  pause_ms_ = 0;
  if (state_.connections.load() >= connections_max_) {
    turn_away(std::move(socket));
  } else {
    state_.connections.fetch_add(1);
    auto connection =
        std::make_shared<Connection>(std::move(socket), application_, *workers_[worker], state_);
    asio::post(workers_[worker]->context(),
               [connection = std::move(connection)] { connection->start(); });
  }
  accept();
}

// A word and the door: who is turned away must cost little.
void Listener::turn_away(Socket socket) {
  boost::system::error_code error;
  socket.non_blocking(true, error);
  socket.write_some(asio::buffer(kTooManyConnections), error);
  socket.close(error);
}

void Listener::wait_after(const boost::system::error_code& error) {
  pause_ms_ = std::clamp(pause_ms_ * 2, kPauseFirstMs, kPauseMaxMs);
  log(LogLevel::Warning, "accept failed",
      {{"reason", std::string_view(error.message())}, {"again_in_ms", pause_ms_}});
  pause_.expires_after(std::chrono::milliseconds(pause_ms_));
  pause_.async_wait([this](const boost::system::error_code&) { accept(); });
}

}  // namespace waypost::relay
