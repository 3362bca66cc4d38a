#include "proxy/lrs_client/transfer.hpp"

#include <algorithm>
#include <new>
#include <string_view>
#include <utility>

#include "proxy/lrs_client/answer.hpp"
#include "proxy/lrs_client/certificate.hpp"
#include "proxy/lrs_client/failure.hpp"
#include "proxy/operations/clock.hpp"
#include "waypost/delivery/retry_after.hpp"
#include "waypost/limits.hpp"

namespace waypost::relay {
namespace {

constexpr std::size_t kAnswerBytesMax = 1 * limits::kMiB;
constexpr std::size_t kAnswerTextMax = 4 * limits::kKiB;

long milliseconds(Duration duration) {
  return static_cast<long>(duration.ms);
}

// Only wrong use of libcurl, or no memory, makes an option fail.
template <typename Value>
void set(CURL* handle, CURLoption option, Value value) {
  if (curl_easy_setopt(handle, option, value) != CURLE_OK) throw std::bad_alloc();
}

std::string statements_url(const std::string& endpoint) {
  return endpoint + (endpoint.ends_with('/') ? "statements" : "/statements");
}

}  // namespace

Transfer::Transfer(const LrsClientSettings& settings, Connections& connections)
    : connections_(connections), handle_(curl_easy_init()) {
  if (!handle_) throw std::bad_alloc();
  set_what_never_changes(settings);
}

void Transfer::set_what_never_changes(const LrsClientSettings& settings) {
  CURL* const handle = handle_.get();
  set(handle, CURLOPT_PROTOCOLS_STR, "http,https");
  set(handle, CURLOPT_FOLLOWLOCATION, 0L);
  set(handle, CURLOPT_PROXY, "");
  set(handle, CURLOPT_NETRC, static_cast<long>(CURL_NETRC_IGNORED));
  set(handle, CURLOPT_HTTP_VERSION, static_cast<long>(CURL_HTTP_VERSION_1_1));
  set(handle, CURLOPT_HTTPAUTH, static_cast<long>(CURLAUTH_BASIC));
  set(handle, CURLOPT_USERAGENT, "waypost-relay");
  set(handle, CURLOPT_SSL_VERIFYPEER, 1L);
  set(handle, CURLOPT_SSL_VERIFYHOST, 2L);
  set(handle, CURLOPT_SSLVERSION, static_cast<long>(CURL_SSLVERSION_TLSv1_2));
  set(handle, CURLOPT_CERTINFO, 1L);
  if (!settings.certificate_authorities_file.empty()) {
    set(handle, CURLOPT_CAINFO, settings.certificate_authorities_file.c_str());
  }
  set(handle, CURLOPT_NOSIGNAL, 1L);
  // Otherwise the end of a request waits for a name server that does not answer, and with it every
  // other destination.
  set(handle, CURLOPT_QUICK_EXIT, 1L);
  set(handle, CURLOPT_TCP_KEEPALIVE, 1L);
  set(handle, CURLOPT_CONNECTTIMEOUT_MS, milliseconds(settings.connect_timeout));
  set(handle, CURLOPT_TIMEOUT_MS, milliseconds(settings.total_timeout));
  set(handle, CURLOPT_LOW_SPEED_LIMIT, 1L);
  set(handle, CURLOPT_LOW_SPEED_TIME, std::max(1L, milliseconds(settings.stall_timeout) / 1000));
  set(handle, CURLOPT_ERRORBUFFER, error_.data());
  set(handle, CURLOPT_WRITEFUNCTION, &Transfer::on_answer_bytes);
  set(handle, CURLOPT_WRITEDATA, static_cast<void*>(this));
  if (connections_.watch(handle) != CURLE_OK) throw std::bad_alloc();
  set(handle, CURLOPT_PREREQFUNCTION, &Transfer::on_connected);
  set(handle, CURLOPT_PREREQDATA, static_cast<void*>(this));
  set(handle, CURLOPT_PRIVATE, static_cast<void*>(this));
}

void Transfer::add_header(const std::string& line) {
  curl_slist* const longer = curl_slist_append(headers_.get(), line.c_str());
  if (longer == nullptr) throw std::bad_alloc();
  if (!headers_) headers_.reset(longer);
}

void Transfer::prepare_post(const LrsEndpoint& endpoint, LrsBatch batch, LrsClient::Done done) {
  prepare(endpoint, "", std::move(done));
  batch_ = std::move(batch);
  is_get_ = false;
  add_header("Content-Type: application/json");
  add_header("Expect:");
  CURL* const handle = handle_.get();
  set(handle, CURLOPT_HTTPHEADER, headers_.get());
  set(handle, CURLOPT_POST, 1L);
  set(handle, CURLOPT_POSTFIELDSIZE_LARGE, static_cast<curl_off_t>(batch_.body.size()));
  set(handle, CURLOPT_POSTFIELDS, batch_.body.data());
}

void Transfer::prepare_get(const LrsEndpoint& endpoint, Shelf shelf, const Uuid& id,
                           LrsClient::Done done) {
  const char* const parameter = shelf == Shelf::Voided ? "?voidedStatementId=" : "?statementId=";
  prepare(endpoint, parameter + id.text(), std::move(done));
  is_get_ = true;
  set(handle_.get(), CURLOPT_HTTPHEADER, headers_.get());
  set(handle_.get(), CURLOPT_HTTPGET, 1L);
}

void Transfer::prepare(const LrsEndpoint& endpoint, const std::string& query,
                       LrsClient::Done done) {
  done_ = std::move(done);
  answer_too_large_ = false;
  has_unasked_bytes_ = false;
  error_.front() = '\0';
  headers_.reset();
  add_header("X-Experience-API-Version: " + endpoint.xapi_version);
  add_header("Accept: application/json");

  CURL* const handle = handle_.get();
  set(handle, CURLOPT_FRESH_CONNECT, 0L);
  set(handle, CURLOPT_URL, (statements_url(endpoint.url) + query).c_str());
  set(handle, CURLOPT_USERNAME, endpoint.api_key.c_str());
  std::string secret(endpoint.api_secret.reveal());
  set(handle, CURLOPT_PASSWORD, secret.c_str());
  wipe(secret);
}

// Libcurl before 8.0 would take a second answer to the last request for the answer to this one.
int Transfer::on_connected(void* transfer, char* /*ip*/, char* /*local_ip*/, int /*port*/,
                           int local_port) noexcept {
  auto& self = *static_cast<Transfer*>(transfer);
  long opened = 0;
  curl_easy_getinfo(self.handle(), CURLINFO_NUM_CONNECTS, &opened);
  const bool is_kept = opened == 0;
  self.has_unasked_bytes_ = is_kept && self.connections_.has_unread_bytes(local_port);
  return self.has_unasked_bytes_ ? CURL_PREREQFUNC_ABORT : CURL_PREREQFUNC_OK;
}

bool Transfer::leaves_connection() {
  if (!has_unasked_bytes_) return false;
  has_unasked_bytes_ = false;
  error_.front() = '\0';
  set(handle_.get(), CURLOPT_FRESH_CONNECT, 1L);
  return true;
}

std::size_t Transfer::on_answer_bytes(char* bytes, std::size_t size, std::size_t count,
                                      void* transfer) noexcept {
  auto& self = *static_cast<Transfer*>(transfer);
  const std::size_t arrived = size * count;
  if (self.answer_.size() + arrived > kAnswerBytesMax) {
    self.answer_too_large_ = true;
    return 0;  // ends the transfer
  }
  self.answer_.append(bytes, arrived);
  return arrived;
}

delivery::Outcome Transfer::read_outcome(CURLcode result) const {
  delivery::Outcome outcome;
  // An answer without end still has a status, and stores nothing.
  if (result != CURLE_OK && !answer_too_large_) {
    outcome.failure = failure_of(result, error_.data());
    return outcome;
  }
  long status = 0;
  curl_easy_getinfo(handle_.get(), CURLINFO_RESPONSE_CODE, &status);
  outcome.status = static_cast<int>(status);
  curl_header* retry_after = nullptr;
  if (curl_easy_header(handle_.get(), "Retry-After", 0, CURLH_HEADER, -1, &retry_after) ==
      CURLHE_OK) {
    outcome.retry_after = delivery::parse_retry_after(retry_after->value, system_now());
  }
  if (answer_too_large_ || is_get_) return outcome;
  const char* content_type = nullptr;
  curl_easy_getinfo(handle_.get(), CURLINFO_CONTENT_TYPE, &content_type);
  outcome.extent =
      extent_of(outcome.status, content_type == nullptr ? "" : content_type, answer_, batch_.ids);
  return outcome;
}

LrsAnswer Transfer::finish(CURLcode result) {
  LrsAnswer answer;
  answer.outcome = read_outcome(result);
  curl_off_t took_us = 0;
  curl_easy_getinfo(handle_.get(), CURLINFO_TOTAL_TIME_T, &took_us);
  answer.took = {took_us / 1000};
  long connections = 0;
  curl_easy_getinfo(handle_.get(), CURLINFO_NUM_CONNECTS, &connections);
  if (connections > 0) answer.certificate_ends = end_of_certificate(handle_.get());
  if (answer.outcome.failure == delivery::Failure::None) {
    answer.text = answer_.substr(0, kAnswerTextMax);
    if (is_get_) answer.body = std::move(answer_);
  } else {
    answer.text = error_.front() == '\0' ? curl_easy_strerror(result) : error_.data();
  }
  answer_.clear();
  if (answer_.capacity() > kAnswerTextMax) answer_.shrink_to_fit();
  batch_ = {};
  // Libcurl frees its copy of the secret with this.
  set(handle_.get(), CURLOPT_PASSWORD, static_cast<const char*>(nullptr));
  return answer;
}

}  // namespace waypost::relay
