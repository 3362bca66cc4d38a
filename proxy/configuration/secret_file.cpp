#include "proxy/configuration/secret_file.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <string_view>
#include <system_error>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

namespace waypost::relay {
namespace {

constexpr std::size_t kSecretBytesMax = 4096;

class File {
 public:
  explicit File(const std::filesystem::path& path)
      : descriptor_(open(path.c_str(), O_RDONLY | O_CLOEXEC)) {}

  File(const File&) = delete;
  File& operator=(const File&) = delete;

  ~File() {
    if (descriptor_ >= 0) close(descriptor_);
  }

  int descriptor() const { return descriptor_; }

 private:
  int descriptor_;
};

std::string reason() {
  return std::generic_category().message(errno);
}

// Reads until the end, or until there is more than the bound.
bool read_all(int descriptor, std::string& text) {
  text.resize(kSecretBytesMax + 1);
  std::size_t size = 0;
  while (size < text.size()) {
    const ssize_t got = read(descriptor, text.data() + size, text.size() - size);
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return false;
    if (got == 0) break;
    size += static_cast<std::size_t>(got);
  }
  text.resize(size);
  return true;
}

std::string flaw_of(std::string_view secret) {
  if (secret.empty()) return "is empty; put the API secret on its first line";
  if (secret.size() > kSecretBytesMax) return "is longer than 4096 bytes; an API secret is shorter";
  const bool plain = std::all_of(secret.begin(), secret.end(), [](char c) {
    return static_cast<unsigned char>(c) >= ' ' && c != 0x7F;
  });
  return plain ? "" : "has more than one line or a control character; leave the API secret alone";
}

}  // namespace

SecretReading read_secret_file(const std::filesystem::path& path) {
  const std::string name = '"' + path.string() + "\" ";
  const File file(path);
  if (file.descriptor() < 0) return {{}, name + "cannot be read: " + reason()};

  struct stat status {};

  if (fstat(file.descriptor(), &status) != 0) return {{}, name + "cannot be read: " + reason()};
  if (!S_ISREG(status.st_mode)) return {{}, name + "is no file"};
  if ((status.st_mode & S_IRWXO) != 0) {
    return {{}, name + "may be read by everybody on this machine; run chmod 600 on it"};
  }
  std::string text;
  if (!read_all(file.descriptor(), text)) return {{}, name + "cannot be read: " + reason()};
  std::string_view secret = text;
  if (!secret.empty() && secret.back() == '\n') secret.remove_suffix(1);
  if (!secret.empty() && secret.back() == '\r') secret.remove_suffix(1);
  SecretReading reading;
  const std::string flaw = flaw_of(secret);
  if (flaw.empty()) {
    reading.secret = Secret(secret);
  } else {
    reading.flaw = name + flaw;
  }
  wipe(text);
  return reading;
}

}  // namespace waypost::relay
