#pragma once

#include <atomic>
#include <memory>
#include <string>
#include <vector>

#include "proxy/alerts/alert_message.hpp"
#include "proxy/configuration/alert_settings.hpp"

namespace waypost::relay {

// One way to a human. Used by one thread.
class AlertChannel {
 public:
  AlertChannel() = default;
  AlertChannel(const AlertChannel&) = delete;
  AlertChannel& operator=(const AlertChannel&) = delete;
  virtual ~AlertChannel() = default;

  // The stable word: "e-mail", "webhook".
  virtual std::string kind() const = 0;

  // To whom, without anything secret: "admin@example.org", "hooks.example.org".
  virtual std::string addressee() const = 0;

  // Returns what went wrong, in a sentence without anything from outside or secret; empty when the
  // message is handed over. Takes a minute at most, and ends soon once `stopping` is true.
  virtual std::string send(const AlertMessage& message, Instant now,
                           const std::atomic<bool>& stopping) = 0;
};

// Those that are set.
std::vector<std::unique_ptr<AlertChannel>> make_channels(const AlertSettings& settings);

}  // namespace waypost::relay
