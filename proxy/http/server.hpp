#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "proxy/http/application.hpp"
#include "proxy/http/listener.hpp"
#include "proxy/http/worker.hpp"

namespace waypost::relay {

// An HTTP/1.1 server over one application: a listener and the threads of its connections. All
// methods from one thread. Exchanges must be gone before it is destroyed.
class Server {
 public:
  Server(Application& application, std::size_t threads, std::size_t connections_max,
         const EdgeTimes& times = {});
  Server(const Server&) = delete;
  Server& operator=(const Server&) = delete;
  ~Server();  // stops at once

  // Binds and listens. Returns what is wrong in a sentence, or an empty string.
  std::string open(const ListenAddress& address);

  // Likewise a Unix socket for the owner of the process alone; what lies in its place is removed.
  std::string open(const std::filesystem::path& path);

  std::uint16_t port() const { return listener_.port(); }

  void start();

  // Accepts no more, closes idle connections; the others close behind their next answer.
  void drain();

  std::size_t connections() const { return state_.connections.load(); }

  void stop();

 private:
  EdgeState state_;
  std::vector<std::unique_ptr<Worker>> workers_;
  Listener listener_;
};

}  // namespace waypost::relay
