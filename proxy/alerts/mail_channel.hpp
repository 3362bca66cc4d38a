#pragma once

#include <string>

#include "proxy/alerts/alert_channel.hpp"

namespace waypost::relay {

// E-mail by SMTP. The password is given over TLS only, or to a server on this machine, unless the
// settings say otherwise.
class MailChannel final : public AlertChannel {
 public:
  // `authorities_file`: PEM file to trust in place of the system's; empty: the system's.
  explicit MailChannel(MailSettings settings, std::string authorities_file = {});

  std::string kind() const override { return "e-mail"; }

  std::string addressee() const override;

  std::string send(const AlertMessage& message, Instant now,
                   const std::atomic<bool>& stopping) override;

 private:
  MailSettings settings_;
  std::string authorities_file_;
};

}  // namespace waypost::relay
