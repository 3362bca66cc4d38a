#include "proxy/command_line/test_alert.hpp"

#include <atomic>
#include <csignal>
#include <cstdio>
#include <cstdlib>

#include "proxy/alerts/alert_channel.hpp"
#include "proxy/configuration/configuration.hpp"
#include "proxy/operations/clock.hpp"

namespace waypost::relay {
namespace {

constexpr int kNotTold = 1;
constexpr int kWrongConfiguration = 2;

}  // namespace

int test_alert(const std::string& configuration_file) {
  const ConfigurationReading reading = read_configuration(configuration_file);
  for (const Problem& problem : reading.problems) {
    std::fprintf(stderr, "%s\n", problem.text().c_str());
  }
  if (!reading.configuration) return kWrongConfiguration;
  const auto channels = make_channels(reading.configuration->alerts);
  if (channels.empty()) {
    std::fprintf(stderr, "Alerts go to the log only: [alerts] has no email_to or webhook_url.\n");
    return kNotTold;
  }
  std::signal(SIGPIPE, SIG_IGN);  // a server may hang up while it is written to
  AlertNotice notice;
  notice.since = notice.at = system_now();
  const AlertMessage message = message_of(notice);
  const std::atomic<bool> stopping{false};
  int exit_code = EXIT_SUCCESS;
  for (const auto& channel : channels) {
    const std::string flaw = channel->send(message, system_now(), stopping);
    std::printf("%s to %s: %s\n", channel->kind().c_str(), channel->addressee().c_str(),
                flaw.empty() ? "sent" : ("not sent: " + flaw).c_str());
    if (!flaw.empty()) exit_code = kNotTold;
  }
  return exit_code;
}

}  // namespace waypost::relay
