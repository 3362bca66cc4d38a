#pragma once

#include <string>
#include <vector>

#include "proxy/lrs_client/secret.hpp"
#include "waypost/limits.hpp"
#include "waypost/time.hpp"

namespace waypost::relay {

struct MailSettings {
  std::vector<std::string> to;  // empty: no mail
  std::string from;
  std::string smtp_url;  // smtp or smtps, a host, perhaps a port
  bool tls_required = true;
  std::string smtp_user;  // empty: without logging in
  Secret smtp_password;
};

// [alerts]: who is told when something is wrong, and after how long.
struct AlertSettings {
  MailSettings mail;
  std::string webhook_url;  // empty: no webhook
  Duration outage_after{limits::kOutageAlertAfterDefaultMs};
  Duration oldest_waiting{limits::kOldestWaitingAlertDefaultMs};
};

}  // namespace waypost::relay
