#pragma once

#include <condition_variable>
#include <cstddef>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <string>
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
  };

  void attempted(const relay::DeliveryAttempt& attempt) override;
  void delivered(relay::DestinationId destination, std::size_t statements) override;
  void buried(relay::DestinationId destination, const relay::Burial& burial) override;
  void condition_changed(relay::DestinationId destination, const delivery::Report& report) override;
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

  relay::Ledger ledger(std::size_t n = 0);

 private:
  TemporaryFolder folder_;
  std::shared_ptr<StoreFaults> faults_ = std::make_shared<StoreFaults>();
  std::vector<relay::Destination> destinations_;
  std::unique_ptr<relay::GroupCommit> commits_;
};

// Settings of a forwarder that loses no time: it sends at once and retries within milliseconds.
relay::ForwarderSettings quick_settings(const Queue& queue, const std::vector<std::string>& urls);

}  // namespace waypost::tests
