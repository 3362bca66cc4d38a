#include "proxy/http/request.hpp"

namespace waypost::relay {
namespace {

constexpr std::size_t kBodyBytesKept = 16384;

}  // namespace

void Request::clear() {
  method = Method::Other;
  target.clear();
  for (std::string& value : headers) value.clear();
  if (body.capacity() > kBodyBytesKept) {
    body = std::string();
  } else {
    body.clear();
  }
}

}  // namespace waypost::relay
