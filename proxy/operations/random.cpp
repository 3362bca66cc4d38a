#include "proxy/operations/random.hpp"

#include <array>
#include <new>

#include <openssl/rand.h>

namespace waypost::relay {
namespace {

template <typename T>
T random_bytes() {
  T bytes{};
  auto* const first = reinterpret_cast<unsigned char*>(&bytes);  // NOLINT: RAND_bytes is C
  if (RAND_bytes(first, static_cast<int>(sizeof bytes)) != 1) {
    throw std::bad_alloc();  // without a source of randomness nothing here can go on
  }
  return bytes;
}

}  // namespace

std::uint64_t random_number() {
  return random_bytes<std::uint64_t>();
}

Uuid random_id() {
  return Uuid::version_4(random_bytes<std::array<std::uint8_t, 16>>());
}

}  // namespace waypost::relay
