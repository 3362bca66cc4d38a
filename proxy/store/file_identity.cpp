#include "proxy/store/file_identity.hpp"

#include <sys/stat.h>

namespace waypost::relay {

std::optional<FileIdentity> identity_of(const std::filesystem::path& file) {
  struct stat status {};

  if (::stat(file.c_str(), &status) != 0) return std::nullopt;
  return FileIdentity{status.st_dev, status.st_ino};
}

}  // namespace waypost::relay
