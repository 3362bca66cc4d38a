#pragma once

#include <cstdint>
#include <filesystem>
#include <stdexcept>
#include <string>

#include <stdlib.h>  // NOLINT(modernize-deprecated-headers): mkdtemp is POSIX

namespace waypost {

// A folder of the test's own, removed at the end with all it holds.
class TemporaryFolder {
 public:
  TemporaryFolder() {
    std::string pattern = (parent() / "waypost-XXXXXX").string();
    if (::mkdtemp(pattern.data()) == nullptr) throw std::runtime_error("mkdtemp failed");
    path_ = pattern;
  }

  TemporaryFolder(const TemporaryFolder&) = delete;
  TemporaryFolder& operator=(const TemporaryFolder&) = delete;

  ~TemporaryFolder() {
    std::error_code ignored;  // what cannot be removed is left to the system's own cleaning
    std::filesystem::remove_all(path_, ignored);
  }

  const std::filesystem::path& path() const { return path_; }

 private:
  // In memory where there is room: tests sync thousands of times, and none cuts the power.
  static std::filesystem::path parent() {
    constexpr std::uintmax_t kRoomMin = 512U * 1024U * 1024U;
    const std::filesystem::path memory = "/dev/shm";
    std::error_code no_such_folder;
    const auto space = std::filesystem::space(memory, no_such_folder);
    const bool has_room = !no_such_folder && space.available >= kRoomMin;
    return has_room ? memory : std::filesystem::temp_directory_path();
  }

  std::filesystem::path path_;
};

}  // namespace waypost
