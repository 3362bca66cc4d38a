#include "proxy/lrs_client/connections.hpp"

#include <algorithm>
#include <new>

#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

namespace waypost::relay {
namespace {

// 0 where it has none.
int local_port_of(curl_socket_t socket) {
  sockaddr_storage address{};
  socklen_t size = sizeof address;
  if (getsockname(socket, reinterpret_cast<sockaddr*>(&address), &size) != 0) return 0;
  // Both kinds of address have their port at the same place.
  return ntohs(reinterpret_cast<const sockaddr_in*>(&address)->sin_port);
}

bool is_readable(curl_socket_t socket) {
  pollfd waiting{socket, POLLIN, 0};
  return poll(&waiting, 1, 0) > 0;
}

}  // namespace

CURLcode Connections::watch(CURL* handle) {
  for (const CURLoption option : {CURLOPT_OPENSOCKETDATA, CURLOPT_CLOSESOCKETDATA}) {
    const CURLcode result = curl_easy_setopt(handle, option, static_cast<void*>(this));
    if (result != CURLE_OK) return result;
  }
  const CURLcode result = curl_easy_setopt(handle, CURLOPT_OPENSOCKETFUNCTION, &on_open);
  if (result != CURLE_OK) return result;
  return curl_easy_setopt(handle, CURLOPT_CLOSESOCKETFUNCTION, &on_close);
}

bool Connections::has_unread_bytes(int local_port) const {
  return std::any_of(open_.begin(), open_.end(), [&](curl_socket_t socket) {
    return local_port_of(socket) == local_port && is_readable(socket);
  });
}

curl_socket_t Connections::on_open(void* self, curlsocktype /*purpose*/,
                                   curl_sockaddr* address) noexcept {
  const curl_socket_t socket =
      ::socket(address->family, address->socktype | SOCK_CLOEXEC, address->protocol);
  if (socket == CURL_SOCKET_BAD) return socket;
  try {
    static_cast<Connections*>(self)->open_.insert(socket);
  } catch (const std::bad_alloc&) {
    close(socket);
    return CURL_SOCKET_BAD;
  }
  return socket;
}

int Connections::on_close(void* self, curl_socket_t socket) noexcept {
  static_cast<Connections*>(self)->open_.erase(socket);
  return close(socket);
}

}  // namespace waypost::relay
