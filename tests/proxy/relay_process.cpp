#include "proxy/relay_process.hpp"

#include <chrono>
#include <csignal>
#include <fstream>
#include <iterator>
#include <stdexcept>

#include <fcntl.h>
#include <nlohmann/json.hpp>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

namespace waypost::tests {
namespace {

namespace fs = std::filesystem;

void write_file(const fs::path& path, std::string_view text) {
  std::ofstream stream(path, std::ios::binary);
  stream << text;
}

std::string read_file(const fs::path& path) {
  std::ifstream stream(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(stream), {}};
}

// Starts the program; its standard files are these.
pid_t spawn(const std::vector<std::string>& arguments, const fs::path& input,
            const fs::path& output, const fs::path& complaints) {
  std::vector<std::string> words{WAYPOST_RELAY_PROGRAM};
  words.insert(words.end(), arguments.begin(), arguments.end());
  std::vector<char*> pointers;
  for (std::string& word : words) pointers.push_back(word.data());
  pointers.push_back(nullptr);
  const pid_t child = fork();
  if (child < 0) throw std::runtime_error("fork failed");
  if (child > 0) return child;
  prctl(PR_SET_PDEATHSIG, SIGKILL);  // it must not outlive a test that crashes
  const int in = open(input.c_str(), O_RDONLY);
  const int out = open(output.c_str(), O_WRONLY | O_CREAT | O_TRUNC, 0600);
  const int err = open(complaints.c_str(), O_WRONLY | O_CREAT | O_APPEND, 0600);
  if (dup2(in, 0) < 0 || dup2(out, 1) < 0 || dup2(err, 2) < 0) _exit(126);
  execv(pointers[0], pointers.data());
  _exit(127);
}

int exit_code_of(pid_t child) {
  int status = 0;
  waitpid(child, &status, 0);
  return WIFEXITED(status) ? WEXITSTATUS(status) : -WTERMSIG(status);
}

}  // namespace

RelayProcess::RelayProcess(const std::string& lrs_url, const std::string& more) {
  write_file(folder_.path() / "secret", kCanarySecret);
  fs::permissions(folder_.path() / "secret", fs::perms::owner_read | fs::perms::owner_write);
  write_file(
      folder_.path() / "relay.toml",
      "[listen]\npublic = \"127.0.0.1:0\"\nprivate = \"127.0.0.1:0\"\n"
      "[store]\nfolder = \"store\"\n"
      "[[organisation]]\nname = \"first-aid\"\norigins = [\"" +
          std::string(kCourseOrigin) + "\"]\n[[organisation.destination]]\nurl = \"" + lrs_url +
          "\"\napi_key = \"key\"\napi_secret_file = \"secret\"\nupdate_interval_s = 0\n" + more);
}

RelayProcess::~RelayProcess() {
  if (process_ > 0) end(SIGKILL);
}

void RelayProcess::start() {
  const std::size_t begin = log().size();
  process_ = spawn({"serve", "--config", (folder_.path() / "relay.toml").string()}, "/dev/null",
                   "/dev/null", folder_.path() / "log");
  // The log is a file, which cannot be waited on.
  for (int i = 0; i < 2000; ++i) {
    const std::string lines = log().substr(begin);
    const auto at = lines.find("\"listening\"");
    const auto from = lines.rfind('\n', at);
    const auto to = lines.find('\n', at);
    if (at != std::string::npos && to != std::string::npos) {
      const auto line =
          nlohmann::json::parse(lines.substr(from == std::string::npos ? 0 : from + 1,
                                             to - (from == std::string::npos ? 0 : from + 1)));
      port_ = line.at("public_port");
      private_port_ = line.at("private_port");
      return;
    }
    if (waitpid(process_, nullptr, WNOHANG) == process_) break;
    std::this_thread::sleep_for(std::chrono::milliseconds(10));
  }
  throw std::runtime_error("the relay did not start: " + log());
}

std::string RelayProcess::settings() const {
  return read_file(folder_.path() / "relay.toml");
}

void RelayProcess::write_settings(std::string_view text) const {
  write_file(folder_.path() / "relay.toml", text);
}

void RelayProcess::write_secret(std::string_view text) const {
  write_file(folder_.path() / "secret", text);
}

std::string RelayProcess::reload() const {
  const std::size_t begin = log().size();
  kill(process_, SIGHUP);
  return await_log("reloaded\"", begin);
}

// The log is a file, which cannot be waited on.
std::string RelayProcess::await_log(std::string_view text, std::size_t begin) const {
  for (int i = 0; i < 2000; ++i) {
    std::string lines = log().substr(begin);
    const auto at = lines.find(text);
    if (at != std::string::npos && lines.find('\n', at) != std::string::npos) return lines;
    std::this_thread::sleep_for(std::chrono::milliseconds(10));
  }
  throw std::runtime_error("the relay did not log " + std::string(text) + ": " + log());
}

int RelayProcess::end(int signal) {
  kill(process_, signal);
  const int code = exit_code_of(process_);
  process_ = 0;
  return code;
}

std::string RelayProcess::log() const {
  return read_file(folder_.path() / "log");
}

Finished run_relay(const std::vector<std::string>& arguments, std::string_view input) {
  const TemporaryFolder folder;
  write_file(folder.path() / "in", input);
  const pid_t child =
      spawn(arguments, folder.path() / "in", folder.path() / "out", folder.path() / "err");
  Finished finished;
  finished.exit_code = exit_code_of(child);
  finished.output = read_file(folder.path() / "out");
  finished.complaints = read_file(folder.path() / "err");
  return finished;
}

}  // namespace waypost::tests
