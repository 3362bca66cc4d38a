#pragma once

#include <set>

#include <curl/curl.h>

namespace waypost::relay {

// The sockets of libcurl's connections, which it names to nobody while a request is on its way.
// Not thread-safe. Libcurl holds pointers into it: it does not move, and outlives the multi handle.
class Connections {
 public:
  Connections() = default;
  Connections(const Connections&) = delete;
  Connections& operator=(const Connections&) = delete;

  // Makes the connections of this handle known here. Any error is libcurl's.
  CURLcode watch(CURL* handle);

  // Whether bytes wait on the connection from this port of ours.
  bool has_unread_bytes(int local_port) const;

 private:
  // Called by C, which no exception may pass.
  static curl_socket_t on_open(void* self, curlsocktype purpose, curl_sockaddr* address) noexcept;
  static int on_close(void* self, curl_socket_t socket) noexcept;

  std::set<curl_socket_t> open_;
};

}  // namespace waypost::relay
