#include "proxy/command_line/serve.hpp"

#include <chrono>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <string_view>
#include <thread>
#include <vector>

#include <sys/prctl.h>
#include <sys/resource.h>

#include "proxy/command_line/relay.hpp"
#include "proxy/operations/clock.hpp"
#include "proxy/operations/log.hpp"

namespace waypost::relay {
namespace {

constexpr int kCannotStart = 1;
constexpr int kWrongConfiguration = 2;
constexpr std::chrono::milliseconds kDrainStep{20};

// The signals that end the relay. They are waited for in one thread, so they are blocked in all.
sigset_t ending_signals() {
  sigset_t signals;
  sigemptyset(&signals);
  sigaddset(&signals, SIGTERM);
  sigaddset(&signals, SIGINT);
  return signals;
}

// SIGHUP too, which has the settings read again.
sigset_t awaited_signals() {
  sigset_t signals = ending_signals();
  sigaddset(&signals, SIGHUP);
  return signals;
}

// Every connection is a file; the usual limit of 1,024 leaves no room for the others.
void allow_many_files() {
  rlimit limit{};
  if (getrlimit(RLIMIT_NOFILE, &limit) != 0) return;
  limit.rlim_cur = limit.rlim_max;
  if (setrlimit(RLIMIT_NOFILE, &limit) != 0) {
    log(LogLevel::Warning, "the limit of open files stays as it is");
  }
}

// Memory holds the secrets of LRSs and what learners did, which no crash may leave behind, in a
// file or with a collector of crashes. The limit of a core file's size would not stop the latter.
void forbid_core_dumps() {
  if (prctl(PR_SET_DUMPABLE, 0) != 0) log(LogLevel::Warning, "a crash may leave a core dump");
}

// Everything that was acknowledged is on disk, so it is safe to end at any moment.
void end_at_next(const sigset_t& signals) {
  std::thread([signals] {
    int signal = 0;
    sigwait(&signals, &signal);
    log(LogLevel::Warning, "stopped at once", {{"signal", std::int64_t{signal}}});
    std::_Exit(EXIT_SUCCESS);
  }).detach();
}

// All of it takes effect, or nothing and the old settings stay.
void reload(Relay& relay, const std::string& configuration_file) {
  const ConfigurationReading reading = read_configuration(configuration_file);
  std::vector<std::string> reasons;
  for (const Problem& problem : reading.problems) reasons.push_back(problem.text());
  if (reading.configuration) reasons = relay.reload(*reading.configuration);
  for (const std::string& reason : reasons) {
    log(LogLevel::Error, "settings not reloaded", {{"reason", std::string_view(reason)}});
  }
  if (reasons.empty()) log(LogLevel::Info, "settings reloaded");
}

void drain(Relay& relay) {
  relay.drain();
  const auto last = steady_now() + std::chrono::milliseconds(limits::kDrainMaxMs);
  while (!relay.drained() && steady_now() < last) std::this_thread::sleep_for(kDrainStep);
}

}  // namespace

int serve(const std::string& configuration_file) {
  const sigset_t signals = awaited_signals();
  pthread_sigmask(SIG_BLOCK, &signals, nullptr);
  forbid_core_dumps();
  ConfigurationReading reading = read_configuration(configuration_file);
  for (const Problem& problem : reading.problems) {
    std::fprintf(stderr, "%s\n", problem.text().c_str());
  }
  if (!reading.configuration) return kWrongConfiguration;

  std::signal(SIGPIPE, SIG_IGN);
  allow_many_files();

  Relay relay;
  const std::string trouble = relay.open(*reading.configuration);
  if (!trouble.empty()) {
    std::fprintf(stderr, "waypost-relay: %s\n", trouble.c_str());
    return kCannotStart;
  }
  relay.start();

  int signal = 0;
  while (sigwait(&signals, &signal) == 0 && signal == SIGHUP) reload(relay, configuration_file);
  log(LogLevel::Info, "stopping", {{"signal", std::int64_t{signal}}});
  end_at_next(ending_signals());
  drain(relay);
  relay.stop();
  log(LogLevel::Info, "stopped");
  return EXIT_SUCCESS;
}

}  // namespace waypost::relay
