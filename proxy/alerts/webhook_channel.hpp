#pragma once

#include <string>

#include "proxy/alerts/alert_channel.hpp"

namespace waypost::relay {

// POSTs an alert as JSON. Any answer from 200 to 299 is taken for "told".
class WebhookChannel final : public AlertChannel {
 public:
  // `authorities_file`: PEM file to trust in place of the system's; empty: the system's.
  explicit WebhookChannel(std::string url, std::string authorities_file = {});

  std::string kind() const override { return "webhook"; }

  // The host alone: the path of a webhook is often its secret.
  std::string addressee() const override;

  std::string send(const AlertMessage& message, Instant now,
                   const std::atomic<bool>& stopping) override;

 private:
  std::string url_;
  std::string authorities_file_;
};

}  // namespace waypost::relay
