#include "proxy/alerts/alert_channel.hpp"

#include "proxy/alerts/mail_channel.hpp"
#include "proxy/alerts/webhook_channel.hpp"

namespace waypost::relay {

std::vector<std::unique_ptr<AlertChannel>> make_channels(const AlertSettings& settings) {
  std::vector<std::unique_ptr<AlertChannel>> channels;
  if (!settings.mail.to.empty()) channels.push_back(std::make_unique<MailChannel>(settings.mail));
  if (!settings.webhook_url.empty()) {
    channels.push_back(std::make_unique<WebhookChannel>(settings.webhook_url));
  }
  return channels;
}

}  // namespace waypost::relay
