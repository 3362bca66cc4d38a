#pragma once

#include <array>
#include <cstddef>
#include <memory>
#include <string>

#include <curl/curl.h>

#include "proxy/lrs_client/connections.hpp"
#include "proxy/lrs_client/lrs_client.hpp"

namespace waypost::relay {

// One request on its way. Libcurl holds pointers into it: it does not move. Used again for later
// requests, so that what libcurl has set up is not set up anew.
class Transfer {
 public:
  Transfer(const LrsClientSettings& settings, Connections& connections);
  Transfer(const Transfer&) = delete;
  Transfer& operator=(const Transfer&) = delete;
  ~Transfer() = default;

  void prepare_post(const LrsEndpoint& endpoint, LrsBatch batch, LrsClient::Done done);
  void prepare_get(const LrsEndpoint& endpoint, Shelf shelf, const Uuid& id, LrsClient::Done done);

  // Whether it ended before a byte was sent, for bytes that lay unread on a kept connection: they
  // answer no request of ours. From now on it uses a new connection.
  bool leaves_connection();

  // What came of it. Lets go of the batch and of the credentials.
  LrsAnswer finish(CURLcode result);

  LrsClient::Done take_done() { return std::move(done_); }

  CURL* handle() const { return handle_.get(); }

 private:
  struct EndHandle {
    void operator()(CURL* handle) const { curl_easy_cleanup(handle); }
  };

  struct EndList {
    void operator()(curl_slist* list) const { curl_slist_free_all(list); }
  };

  // Called by C, which no exception may pass.
  static std::size_t on_answer_bytes(char* bytes, std::size_t size, std::size_t count,
                                     void* transfer) noexcept;
  static int on_connected(void* transfer, char* ip, char* local_ip, int port,
                          int local_port) noexcept;
  void set_what_never_changes(const LrsClientSettings& settings);
  void prepare(const LrsEndpoint& endpoint, const std::string& query, LrsClient::Done done);
  void add_header(const std::string& line);
  delivery::Outcome read_outcome(CURLcode result) const;

  Connections& connections_;
  std::unique_ptr<CURL, EndHandle> handle_;
  std::unique_ptr<curl_slist, EndList> headers_;
  LrsBatch batch_;
  bool is_get_ = false;
  std::string answer_;
  bool answer_too_large_ = false;
  bool has_unasked_bytes_ = false;
  std::array<char, CURL_ERROR_SIZE> error_{};
  LrsClient::Done done_;
};

}  // namespace waypost::relay
