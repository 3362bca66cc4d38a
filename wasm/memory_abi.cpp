#include <cstdlib>

#include "abi.hpp"
#include "waypost/error.hpp"

void* waypost_allocate_bytes(std::uint32_t bytes) {
  return std::malloc(bytes);
}

void waypost_free_bytes(void* address) {
  std::free(address);
}

const char* waypost_read_error_word(std::int32_t error) {
  // The words are literals, so what follows their last character is a NUL.
  return waypost::word(static_cast<waypost::ErrorCode>(error)).data();
}
