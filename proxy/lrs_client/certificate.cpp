#include "proxy/lrs_client/certificate.hpp"

#include <cstdint>
#include <ctime>
#include <string>
#include <string_view>

namespace waypost::relay {

std::optional<Instant> end_of_certificate(CURL* handle) {
  constexpr std::string_view kName = "Expire date:";
  curl_certinfo* chain = nullptr;
  if (curl_easy_getinfo(handle, CURLINFO_CERTINFO, &chain) != CURLE_OK) return std::nullopt;
  if (chain == nullptr || chain->num_of_certs < 1) return std::nullopt;
  // The first of the chain is the server's own.
  for (const curl_slist* field = chain->certinfo[0]; field != nullptr; field = field->next) {
    const std::string_view text = field->data;
    if (!text.starts_with(kName)) continue;
    const std::string date(text.substr(kName.size()));
    const std::time_t seconds = curl_getdate(date.c_str(), nullptr);
    if (seconds < 0) return std::nullopt;
    return Instant{static_cast<std::int64_t>(seconds) * 1000};
  }
  return std::nullopt;
}

}  // namespace waypost::relay
