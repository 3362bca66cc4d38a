#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include <sys/types.h>

#include "proxy/temporary_folder.hpp"

namespace waypost::tests {

inline constexpr std::string_view kCourseOrigin = "https://courses.example.org";
inline constexpr std::string_view kCanarySecret = "canary-7c1f0e52";

// The relay's own program as an operator starts it, with one organisation "first-aid" that sends to
// `lrs_url`. Its store stays where it is when it is stopped and started again.
class RelayProcess {
 public:
  // `more` is put at the end of relay.toml.
  explicit RelayProcess(const std::string& lrs_url, const std::string& more = {});
  RelayProcess(const RelayProcess&) = delete;
  RelayProcess& operator=(const RelayProcess&) = delete;
  ~RelayProcess();  // kills it

  // Waits until it listens.
  void start();

  // Sends the signal and waits; the exit code, or minus the signal that ended it.
  int end(int signal);

  // relay.toml and the file of the secret, as they are now and as they shall be.
  std::string settings() const;
  void write_settings(std::string_view text) const;
  void write_secret(std::string_view text) const;

  // Has the settings read again; what it logs about it.
  std::string reload() const;

  // Waits until what it has logged since `begin` has this text in it, and the rest of that line.
  std::string await_log(std::string_view text, std::size_t begin = 0) const;

  pid_t process() const { return process_; }

  std::uint16_t port() const { return port_; }

  std::uint16_t private_port() const { return private_port_; }

  // All it has logged so far; whole after end().
  std::string log() const;

  const std::filesystem::path& folder() const { return folder_.path(); }

 private:
  TemporaryFolder folder_;
  pid_t process_ = 0;
  std::uint16_t port_ = 0;
  std::uint16_t private_port_ = 0;
};

struct Finished {
  int exit_code = -1;
  std::string output;
  std::string complaints;
};

// Runs the program to its end with these arguments and this standard input.
Finished run_relay(const std::vector<std::string>& arguments, std::string_view input = {});

}  // namespace waypost::tests
