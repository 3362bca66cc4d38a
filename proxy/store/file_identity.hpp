#pragma once

#include <filesystem>
#include <optional>

#include <sys/types.h>

namespace waypost::relay {

// Which file lies at a path, to see whether it was taken away or another put in its place. A file
// that somebody has open keeps its identity for itself.
struct FileIdentity {
  dev_t device = 0;
  ino_t inode = 0;

  friend bool operator==(const FileIdentity&, const FileIdentity&) = default;
};

// Nothing where there is no file, or none that can be seen.
std::optional<FileIdentity> identity_of(const std::filesystem::path& file);

}  // namespace waypost::relay
