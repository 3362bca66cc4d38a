#include "proxy/alerts/mail_channel.hpp"

#include <algorithm>
#include <cstring>
#include <string_view>
#include <utility>

#include "proxy/alerts/curl_handle.hpp"
#include "proxy/alerts/mail_text.hpp"
#include "proxy/lrs_client/secret.hpp"
#include "proxy/operations/random.hpp"

namespace waypost::relay {
namespace {

// Called by C, which no exception may pass.
std::size_t next_bytes(char* to, std::size_t size, std::size_t count, void* rest) {
  auto& text = *static_cast<std::string_view*>(rest);
  const std::size_t length = std::min(size * count, text.size());
  std::memcpy(to, text.data(), length);
  text.remove_prefix(length);
  return length;
}

}  // namespace

MailChannel::MailChannel(MailSettings settings, std::string authorities_file)
    : settings_(std::move(settings)), authorities_file_(std::move(authorities_file)) {}

std::string MailChannel::addressee() const {
  std::string list;
  for (const std::string& address : settings_.to) list += (list.empty() ? "" : ", ") + address;
  return list;
}

std::string MailChannel::send(const AlertMessage& message, Instant now,
                              const std::atomic<bool>& stopping) {
  const std::string mail = mail_text({settings_.from, settings_.to}, message, now, random_id());
  std::string_view rest = mail;
  CurlList addressees;
  for (const std::string& address : settings_.to) addressees.add('<' + address + '>');
  CurlHandle handle("smtp,smtps", authorities_file_);
  handle.set(CURLOPT_URL, settings_.smtp_url.c_str());
  handle.set(CURLOPT_USE_SSL,
             static_cast<long>(settings_.tls_required ? CURLUSESSL_ALL : CURLUSESSL_NONE));
  handle.set(CURLOPT_MAIL_FROM, ('<' + settings_.from + '>').c_str());
  handle.set(CURLOPT_MAIL_RCPT, addressees.get());
  // One address that is gone must not keep the others from being told.
  handle.set(CURLOPT_MAIL_RCPT_ALLLOWFAILS, 1L);
  if (!settings_.smtp_user.empty()) {
    handle.set(CURLOPT_USERNAME, settings_.smtp_user.c_str());
    std::string password(settings_.smtp_password.reveal());
    handle.set(CURLOPT_PASSWORD, password.c_str());
    wipe(password);
  }
  handle.set(CURLOPT_UPLOAD, 1L);
  handle.set(CURLOPT_READFUNCTION, &next_bytes);
  handle.set(CURLOPT_READDATA, &rest);
  const CURLcode result = handle.perform(stopping);
  if (result == CURLE_OK) return {};
  const long status = handle.status();
  return std::string(curl_easy_strerror(result)) +
         (status >= 400 ? "; the server's last answer was " + std::to_string(status) : "");
}

}  // namespace waypost::relay
