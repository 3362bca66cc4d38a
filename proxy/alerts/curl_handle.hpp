#pragma once

#include <array>
#include <atomic>
#include <memory>
#include <new>
#include <string>

#include <curl/curl.h>

namespace waypost::relay {

// A libcurl transfer to somebody who is told of an alert: TLS is verified, redirects are not
// followed, what comes back is thrown away, a minute is the most.
class CurlHandle {
 public:
  // `protocols` as libcurl lists them. `authorities_file` is a PEM file to trust in place of the
  // system's; empty: the system's.
  CurlHandle(const char* protocols, const std::string& authorities_file);

  // What this libcurl cannot do is told by perform().
  template <typename Value>
  void set(CURLoption option, Value value) {
    if (flaw_ == CURLE_OK) flaw_ = curl_easy_setopt(handle_.get(), option, value);
  }

  // CURLE_ABORTED_BY_CALLBACK once `stopping` is true.
  CURLcode perform(const std::atomic<bool>& stopping);

  // Of the last answer; 0 if there was none.
  long status() const;

 private:
  struct End {
    void operator()(CURL* handle) const { curl_easy_cleanup(handle); }
  };

  std::unique_ptr<CURL, End> handle_;
  CURLcode flaw_ = CURLE_OK;
};

// A list of lines for libcurl: headers, or addressees.
class CurlList {
 public:
  void add(const std::string& line);

  curl_slist* get() const { return list_.get(); }

 private:
  struct End {
    void operator()(curl_slist* list) const { curl_slist_free_all(list); }
  };

  std::unique_ptr<curl_slist, End> list_;
};

}  // namespace waypost::relay
