#include "proxy/store/space_reserve.hpp"

#include <cerrno>
#include <system_error>

#include <fcntl.h>
#include <unistd.h>

#include "waypost/limits.hpp"

namespace waypost::relay {
namespace {

StoreError error_of(int number) {
  const bool is_full = number == ENOSPC || number == EDQUOT || number == EFBIG;
  return {is_full ? ErrorCode::StorageFull : ErrorCode::StorageFailed,
          "holding disk space in reserve: " + std::generic_category().message(number)};
}

}  // namespace

std::optional<StoreError> SpaceReserve::hold() {
  if (held_) return std::nullopt;
  constexpr mode_t kOwnerOnly = 0600;
  const int descriptor = ::open(file_.c_str(), O_CREAT | O_WRONLY | O_CLOEXEC, kOwnerOnly);
  if (descriptor < 0) return error_of(errno);
  // Costs nothing when the space of an earlier run is there.
  const int number = ::posix_fallocate(descriptor, 0, limits::kStoreReserveBytes);
  ::close(descriptor);
  if (number != 0) {
    release();
    return error_of(number);
  }
  held_ = true;
  return std::nullopt;
}

void SpaceReserve::release() {
  ::unlink(file_.c_str());
  held_ = false;
}

}  // namespace waypost::relay
