#include "proxy/configuration/alert_settings_reader.hpp"

#include <string>

#include "proxy/configuration/secret_file.hpp"
#include "proxy/configuration/web_address.hpp"

namespace waypost::relay {
namespace {

constexpr std::string_view kAddressExample = "\"admin@example.org\"";

class AlertSettingsReader {
 public:
  AlertSettingsReader(const toml::table& table, const std::filesystem::path& folder,
                      Problems& problems)
      : settings_(table, "[alerts]", problems), folder_(folder), problems_(problems) {}

  AlertSettings read() {
    AlertSettings alerts;
    read_addresses(alerts.mail);
    read_server(alerts.mail);
    read_login(alerts.mail);
    if (const auto url = settings_.text("webhook_url", "\"https://hooks.example.org/waypost\"")) {
      alerts.webhook_url = url->value;
      if (const auto flaw = flaw_of_webhook_url(url->value)) {
        problems_.add(url->where, "\"webhook_url\" " + *flaw);
      }
    }
    const auto outage_s =
        settings_.whole_number("outage_after_s", 0, limits::kOutageAlertAfterMaxMs / 1000);
    if (outage_s) alerts.outage_after = Duration{*outage_s * 1000};
    const auto oldest_s =
        settings_.whole_number("oldest_waiting_s", limits::kOldestWaitingAlertMinMs / 1000,
                               limits::kOldestWaitingAlertMaxMs / 1000);
    if (oldest_s) alerts.oldest_waiting = Duration{*oldest_s * 1000};
    settings_.refuse_others();
    return alerts;
  }

 private:
  void check_address(const Placed<std::string>& address) {
    if (is_mail_address(address.value)) return;
    problems_.add(address.where, '"' + address.value +
                                     "\" is no plain mail address; write one such as " +
                                     std::string(kAddressExample));
  }

  void read_addresses(MailSettings& mail) {
    for (const auto& address :
         settings_.texts("email_to", "[" + std::string(kAddressExample) + "]")) {
      check_address(address);
      mail.to.push_back(address.value);
    }
    if (mail.to.size() > limits::kAlertAddressesMax) {
      problems_.add(settings_.where(), "\"email_to\" names more than " +
                                           std::to_string(limits::kAlertAddressesMax) +
                                           " addresses; use a list address of your mail server");
    }
    const bool mails = !mail.to.empty();
    const auto from = mails ? settings_.required_text("email_from", "\"waypost@example.org\"")
                            : settings_.text("email_from", "\"waypost@example.org\"");
    if (!from) return;
    check_address(*from);
    mail.from = from->value;
    if (!mails) nobody_to_mail(from->where);
  }

  void nobody_to_mail(const toml::source_region& where) {
    problems_.add(where, "there is nobody to mail to; write email_to = [" +
                             std::string(kAddressExample) + "] in [alerts]");
  }

  void read_server(MailSettings& mail) {
    const std::string_view example = "\"smtp://mail.example.org:587\"";
    const auto url = mail.to.empty() ? settings_.text("smtp_url", example)
                                     : settings_.required_text("smtp_url", example);
    const auto tls = settings_.text("smtp_tls", "\"required\"");
    if (url) {
      mail.smtp_url = url->value;
      if (const auto flaw = flaw_of_smtp_url(url->value)) {
        problems_.add(url->where, "\"smtp_url\" " + *flaw);
      }
      if (mail.to.empty()) nobody_to_mail(url->where);
      mail.tls_required = !is_loopback_url(url->value);
    }
    if (!tls) return;
    mail.tls_required = tls->value == "required";
    if (!mail.tls_required && tls->value != "off") {
      problems_.add(tls->where,
                    "\"smtp_tls\" is \"" + tls->value + "\"; write \"required\" or \"off\"");
    }
  }

  void read_login(MailSettings& mail) {
    const auto user = settings_.text("smtp_user", "\"waypost@example.org\"");
    const auto file = settings_.text("smtp_password_file", "\"smtp-password\"");
    if (user) {
      mail.smtp_user = user->value;
      check_user(*user, mail);
    }
    if (user && !file) {
      problems_.add(user->where,
                    "\"smtp_user\" has no password; write smtp_password_file = \"smtp-password\"");
    }
    if (!file) return;
    if (!user) {
      problems_.add(file->where, "\"smtp_password_file\" is of nobody; write smtp_user = \"...\"");
    }
    SecretReading reading = read_secret_file((folder_ / file->value).lexically_normal());
    if (!reading.flaw.empty()) problems_.add(file->where, reading.flaw);
    mail.smtp_password = std::move(reading.secret);
  }

  void check_user(const Placed<std::string>& user, const MailSettings& mail) {
    if (!is_one_plain_line(user.value)) {
      problems_.add(user.where, "\"smtp_user\" is empty, or has a control character");
    }
    if (!mail.tls_required && !is_loopback_url(mail.smtp_url) &&
        !mail.smtp_url.starts_with("smtps:")) {
      problems_.add(user.where,
                    "\"smtp_tls\" is \"off\", so the password would be there for everybody on the "
                    "way to read; leave smtp_tls out, or smtp_user");
    }
  }

  SettingsTable settings_;
  const std::filesystem::path& folder_;
  Problems& problems_;
};

}  // namespace

AlertSettings read_alert_settings(const toml::table& table, const std::filesystem::path& folder,
                                  Problems& problems) {
  return AlertSettingsReader(table, folder, problems).read();
}

}  // namespace waypost::relay
