#include "proxy/alerts/curl_handle.hpp"

namespace waypost::relay {
namespace {

constexpr long kConnectTimeoutMs = 10'000;
constexpr long kTotalTimeoutMs = 60'000;

void initialise_libcurl() {
  static const CURLcode initialised = curl_global_init(CURL_GLOBAL_DEFAULT);
  if (initialised != CURLE_OK) throw std::bad_alloc();
}

// Called by C, which no exception may pass.
std::size_t throw_away(char* /*bytes*/, std::size_t size, std::size_t count, void* /*user*/) {
  return size * count;
}

int end_when_stopping(void* stopping, curl_off_t /*down_total*/, curl_off_t /*down*/,
                      curl_off_t /*up_total*/, curl_off_t /*up*/) {
  return static_cast<const std::atomic<bool>*>(stopping)->load() ? 1 : 0;
}

}  // namespace

CurlHandle::CurlHandle(const char* protocols, const std::string& authorities_file) {
  initialise_libcurl();
  handle_.reset(curl_easy_init());
  if (!handle_) throw std::bad_alloc();
  set(CURLOPT_PROTOCOLS_STR, protocols);
  set(CURLOPT_FOLLOWLOCATION, 0L);
  set(CURLOPT_PROXY, "");
  set(CURLOPT_NETRC, static_cast<long>(CURL_NETRC_IGNORED));
  set(CURLOPT_SSL_VERIFYPEER, 1L);
  set(CURLOPT_SSL_VERIFYHOST, 2L);
  set(CURLOPT_SSLVERSION, static_cast<long>(CURL_SSLVERSION_TLSv1_2));
  if (!authorities_file.empty()) set(CURLOPT_CAINFO, authorities_file.c_str());
  set(CURLOPT_NOSIGNAL, 1L);
  set(CURLOPT_QUICK_EXIT, 1L);
  set(CURLOPT_CONNECTTIMEOUT_MS, kConnectTimeoutMs);
  set(CURLOPT_TIMEOUT_MS, kTotalTimeoutMs);
  set(CURLOPT_WRITEFUNCTION, &throw_away);
}

CURLcode CurlHandle::perform(const std::atomic<bool>& stopping) {
  set(CURLOPT_NOPROGRESS, 0L);
  set(CURLOPT_XFERINFOFUNCTION, &end_when_stopping);
  set(CURLOPT_XFERINFODATA, &stopping);
  return flaw_ == CURLE_OK ? curl_easy_perform(handle_.get()) : flaw_;
}

long CurlHandle::status() const {
  long status = 0;
  curl_easy_getinfo(handle_.get(), CURLINFO_RESPONSE_CODE, &status);
  return status;
}

void CurlList::add(const std::string& line) {
  curl_slist* const longer = curl_slist_append(list_.get(), line.c_str());
  if (longer == nullptr) throw std::bad_alloc();
  if (!list_) list_.reset(longer);
}

}  // namespace waypost::relay
