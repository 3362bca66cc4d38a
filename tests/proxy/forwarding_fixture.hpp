#pragma once

#include <condition_variable>
#include <cstddef>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "proxy/faulty_store.hpp"
#include "proxy/forwarder/forwarder.hpp"
#include "proxy/store/group_commit.hpp"
#include "proxy/temporary_folder.hpp"

namespace waypost::tests {

// What a forwarder told, to be waited for.
class Recorder : public relay::ForwarderObserver {
 public:
  struct Attempt {
    relay::DestinationId destination = 0;
    std::string url;
    std::size_t statements = 0;
    bool probe = false;
    int status = 0;
    delivery::Failure failure = delivery::Failure::None;
  };

  struct Told {
    std::vector<Attempt> attempts;
    std::map<relay::DestinationId, std::size_t> delivered;
    std::vector<relay::Burial> burials;
    std::vector<delivery::Report> reports;
    std::vector<std::string> troubles;
    std::size_t readdressed = 0;  // so often
  };

  void attempted(const relay::DeliveryAttempt& attempt) override;
  void delivered(relay::DestinationId destination, std::size_t statements) override;
  void buried(relay::DestinationId destination, const relay::Burial& burial) override;
  void condition_changed(relay::DestinationId destination, const delivery::Report& report) override;
  void readdressed(relay::DestinationId destination) override;
  void trouble(relay::DestinationId destination, std::string_view message) override;

  // Waits until what was told is so, for 20 s at most; whether it is.
  bool await(const std::function<bool(const Told& told)>& so);
  bool await_delivered(relay::DestinationId destination, std::size_t statements);

  Told told() const;

 private:
  void tell(const std::function<void(Told& told)>& change);

  mutable std::mutex mutex_;
  std::condition_variable changed_;
  Told told_;
};

inline constexpr std::string_view kPoisonVerb = "https://example.org/verbs/poison";

// A real store with one organisation and its destinations.
class Queue {
 public:
  explicit Queue(const std::vector<std::string>& urls);
  Queue(const Queue&) = delete;
  Queue& operator=(const Queue&) = delete;
  ~Queue() = default;

  relay::GroupCommit& commits() { return *commits_; }

  StoreFaults& faults() { return *faults_; }

  relay::Destination destination(std::size_t n = 0) const { return destinations_.at(n); }

  // Puts statements with the ids of these numbers on disk and returns what a forwarder is to be
  // told of them.
  std::vector<relay::CommittedEntry> append(std::size_t first, std::size_t count);

  // The bytes of a statement; a poisoned one has the verb kPoisonVerb.
  std::string text(std::size_t n) const;

  std::set<std::size_t> poisoned;

  relay::Ledger ledger(std::size_t n = 0);

  // Waits until the ledger is so, for 20 s at most; whether it is.
  bool await_ledger(const std::function<bool(const relay::Ledger& ledger)>& so);

  std::vector<relay::WaitingEntry> waiting();

 private:
  TemporaryFolder folder_;
  std::shared_ptr<StoreFaults> faults_ = std::make_shared<StoreFaults>();
  std::vector<relay::Destination> destinations_;
  std::unique_ptr<relay::GroupCommit> commits_;
};

// Settings of a forwarder that loses no time: it sends at once and retries within milliseconds.
relay::ForwarderSettings quick_settings(const Queue& queue, const std::vector<std::string>& urls);

// A forwarder for these LRSs over a queue of its own.
struct Forwarding {
  explicit Forwarding(std::vector<std::string> lrs_urls)
      : urls(std::move(lrs_urls)), queue(urls), settings(quick_settings(queue, urls)) {}

  void start();
  void commit(std::size_t first, std::size_t count);
  bool await_delivered(std::size_t count, std::size_t n = 0);
  bool await_burials(std::size_t count);

  std::vector<std::string> urls;
  Queue queue;
  relay::ForwarderSettings settings;
  Recorder recorder;
  std::unique_ptr<relay::Forwarder> forwarder;
};

bool raised(const Recorder::Told& told, delivery::Condition condition);

// It has ended, and nothing else has begun since.
bool cleared(const Recorder::Told& told, delivery::Condition condition);

}  // namespace waypost::tests
