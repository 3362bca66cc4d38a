#include "proxy/lrs_client/lrs_client.hpp"

#include <algorithm>
#include <cstdint>
#include <limits>
#include <new>
#include <utility>

#include <curl/curl.h>

#include "proxy/lrs_client/connections.hpp"
#include "proxy/lrs_client/transfer.hpp"

namespace waypost::relay {
namespace {

constexpr long kConnectionsKept = 64;
constexpr std::size_t kIdleTransfersKept = 16;

// Once in a process, before the first use, and never undone: libcurl asks for it.
void initialise_libcurl() {
  static const CURLcode initialised = curl_global_init(CURL_GLOBAL_DEFAULT);
  if (initialised != CURLE_OK) throw std::bad_alloc();
}

}  // namespace

class LrsClient::Transfers {
 public:
  explicit Transfers(LrsClientSettings settings) : settings_(std::move(settings)) {
    initialise_libcurl();
    multi_ = curl_multi_init();
    if (multi_ == nullptr) throw std::bad_alloc();
    curl_multi_setopt(multi_, CURLMOPT_MAXCONNECTS, kConnectionsKept);
  }

  Transfers(const Transfers&) = delete;
  Transfers& operator=(const Transfers&) = delete;

  ~Transfers() {
    for (const auto& transfer : under_way_) curl_multi_remove_handle(multi_, transfer->handle());
    under_way_.clear();
    idle_.clear();
    curl_multi_cleanup(multi_);
  }

  template <typename Prepare>
  void start(Prepare prepare) {
    if (idle_.empty()) idle_.push_back(std::make_unique<Transfer>(settings_, connections_));
    under_way_.push_back(std::move(idle_.back()));
    idle_.pop_back();
    Transfer& transfer = *under_way_.back();
    prepare(transfer);
    add(transfer.handle());
  }

  void poll(Duration wait_max) {
    if (perform()) return;
    const auto wait_ms = std::clamp<std::int64_t>(wait_max.ms, 0, std::numeric_limits<int>::max());
    curl_multi_poll(multi_, nullptr, 0, static_cast<int>(wait_ms), nullptr);
    perform();
  }

  void wake() { curl_multi_wakeup(multi_); }

  std::size_t in_flight() const { return under_way_.size(); }

 private:
  using UnderWay = std::vector<std::unique_ptr<Transfer>>;

  // Whether any request ended.
  bool perform() {
    int running = 0;
    curl_multi_perform(multi_, &running);
    std::vector<std::pair<Done, LrsAnswer>> ended;
    int left = 0;
    while (const CURLMsg* message = curl_multi_info_read(multi_, &left)) {
      if (message->msg != CURLMSG_DONE) continue;
      const CURLcode result = message->data.result;  // gone with the handle's removal
      CURL* const handle = message->easy_handle;
      curl_multi_remove_handle(multi_, handle);
      const auto transfer = find(handle);
      if ((*transfer)->leaves_connection()) {
        add(handle);
      } else {
        ended.push_back(end(transfer, result));
      }
    }
    // What they call may post the next request.
    for (auto& [done, answer] : ended) done(std::move(answer));
    return !ended.empty();
  }

  void add(CURL* handle) {
    if (curl_multi_add_handle(multi_, handle) != CURLM_OK) throw std::bad_alloc();
  }

  UnderWay::iterator find(CURL* handle) {
    return std::find_if(under_way_.begin(), under_way_.end(),
                        [&](const auto& transfer) { return transfer->handle() == handle; });
  }

  std::pair<Done, LrsAnswer> end(UnderWay::iterator found, CURLcode result) {
    std::unique_ptr<Transfer> transfer = std::move(*found);
    under_way_.erase(found);
    LrsAnswer answer = transfer->finish(result);
    Done done = transfer->take_done();
    if (idle_.size() < kIdleTransfersKept) idle_.push_back(std::move(transfer));
    return {std::move(done), std::move(answer)};
  }

  LrsClientSettings settings_;
  Connections connections_;
  CURLM* multi_ = nullptr;
  UnderWay under_way_;
  std::vector<std::unique_ptr<Transfer>> idle_;
};

LrsClient::LrsClient(const LrsClientSettings& settings)
    : transfers_(std::make_unique<Transfers>(settings)) {}

LrsClient::~LrsClient() = default;

void LrsClient::post(const LrsEndpoint& endpoint, LrsBatch batch, Done done) {
  transfers_->start([&](Transfer& transfer) {
    transfer.prepare_post(endpoint, std::move(batch), std::move(done));
  });
}

void LrsClient::get(const LrsEndpoint& endpoint, Shelf shelf, const Uuid& id, Done done) {
  transfers_->start(
      [&](Transfer& transfer) { transfer.prepare_get(endpoint, shelf, id, std::move(done)); });
}

void LrsClient::poll(Duration wait_max) {
  transfers_->poll(wait_max);
}

void LrsClient::wake() {
  transfers_->wake();
}

std::size_t LrsClient::in_flight() const {
  return transfers_->in_flight();
}

}  // namespace waypost::relay
