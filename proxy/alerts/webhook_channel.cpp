#include "proxy/alerts/webhook_channel.hpp"

#include <utility>

#include "proxy/alerts/curl_handle.hpp"

namespace waypost::relay {

WebhookChannel::WebhookChannel(std::string url, std::string authorities_file)
    : url_(std::move(url)), authorities_file_(std::move(authorities_file)) {}

std::string WebhookChannel::addressee() const {
  const std::size_t begin = url_.find("//") + 2;
  return url_.substr(begin, url_.find_first_of("/?", begin) - begin);
}

std::string WebhookChannel::send(const AlertMessage& message, Instant /*now*/,
                                 const std::atomic<bool>& stopping) {
  CurlList headers;
  headers.add("Content-Type: application/json");
  headers.add("Expect:");
  CurlHandle handle("http,https", authorities_file_);
  handle.set(CURLOPT_URL, url_.c_str());
  handle.set(CURLOPT_HTTP_VERSION, static_cast<long>(CURL_HTTP_VERSION_1_1));
  handle.set(CURLOPT_USERAGENT, "waypost-relay");
  handle.set(CURLOPT_HTTPHEADER, headers.get());
  handle.set(CURLOPT_POST, 1L);
  handle.set(CURLOPT_POSTFIELDSIZE_LARGE, static_cast<curl_off_t>(message.json.size()));
  handle.set(CURLOPT_POSTFIELDS, message.json.data());
  const CURLcode result = handle.perform(stopping);
  if (result != CURLE_OK) return curl_easy_strerror(result);
  const long status = handle.status();
  if (status >= 200 && status < 300) return {};
  return "it answered with status " + std::to_string(status);
}

}  // namespace waypost::relay
