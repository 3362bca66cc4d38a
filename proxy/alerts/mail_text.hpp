#pragma once

#include <string>
#include <vector>

#include "proxy/alerts/alert_message.hpp"
#include "waypost/uuid.hpp"

namespace waypost::relay {

struct MailAddresses {
  std::string from;
  std::vector<std::string> to;
};

// A plain-text mail as SMTP sends it (RFC 5322), lines ended by CR LF. `id` is random and of this
// mail alone. No part of it can begin a header of its own.
std::string mail_text(const MailAddresses& addresses, const AlertMessage& message, Instant now,
                      const Uuid& id);

}  // namespace waypost::relay
