#include "proxy/lrs_client/secret.hpp"

#include <utility>

#include <string.h>  // NOLINT(modernize-deprecated-headers): explicit_bzero is POSIX

namespace waypost::relay {

void wipe(std::string& text) {
  text.resize(text.capacity());
  explicit_bzero(text.data(), text.size());
  text.clear();
}

Secret::Secret(std::string_view text) : text_(text) {}

Secret::Secret(const Secret& other) = default;

// A short text lies inside the string itself and would stay behind.
Secret::Secret(Secret&& other) noexcept : text_(std::move(other.text_)) {
  wipe(other.text_);
}

Secret& Secret::operator=(Secret other) noexcept {
  text_.swap(other.text_);
  return *this;
}

Secret::~Secret() {
  wipe(text_);
}

}  // namespace waypost::relay
