#pragma once

#include <cstdint>
#include <string>

namespace waypost::relay {

// A numeric address and a port.
struct ListenAddress {
  std::string host;
  std::uint16_t port = 0;  // 0: the system chooses one

  // "127.0.0.1:8800", "[::1]:8800"
  std::string text() const;

  friend bool operator==(const ListenAddress&, const ListenAddress&) = default;
};

}  // namespace waypost::relay
