#pragma once

#include <atomic>
#include <cstdint>
#include <filesystem>
#include <map>
#include <mutex>

#include "proxy/alerts/alert_facts.hpp"
#include "proxy/operations/metrics.hpp"
#include "waypost/limits.hpp"

namespace waypost::relay {

class GroupCommit;
class Store;

// Looks for what nobody tells: the ledger out of balance, a statement that waits too long, a queue
// that is held, a certificate near its end, a disk that fills. Tells the metrics too.
class AlertSampler {
 public:
  // All outlive it and what it has asked of the store's thread.
  AlertSampler(const DestinationDirectory& destinations, std::filesystem::path store_folder,
               GroupCommit& commits, AlertFacts& facts, Metrics& metrics);
  AlertSampler(const AlertSampler&) = delete;
  AlertSampler& operator=(const AlertSampler&) = delete;
  ~AlertSampler() = default;

  // Tells what it found, at once or when the store's thread gets to it; nothing while
  // that has not been reached. From one thread.
  void sample();

  // What a connection to an LRS has shown. From any thread.
  void certificate_seen(DestinationId destination, Instant ends);

  // The destination has another address or key than before. What was told of the former address is
  // over, and what holds now is told. In the store's thread, when the directory says so.
  void readdressed(Store& store, const DestinationLabels& before);

  // Holds from the next sample on. From any thread.
  void set_oldest_waiting(Duration duration) { oldest_waiting_ms_ = duration.ms; }

  // Likewise.
  void set_queue_bytes_max(OrganisationId organisation, std::int64_t bytes);

 private:
  void sample_disk();
  void sample_certificates();
  void tell(const AlertKey& key, bool wrong, const AlertDetails& details);
  void sample_destination(Store& store, const DestinationLabels& labels);
  void sample_queue(const DestinationLabels& labels, std::int64_t bytes);
  void ask_for_destination(std::size_t at);

  const DestinationDirectory& destinations_;
  std::filesystem::path store_folder_;
  GroupCommit& commits_;
  AlertFacts& facts_;
  Metrics& metrics_;
  std::atomic<std::int64_t> oldest_waiting_ms_{limits::kOldestWaitingAlertDefaultMs};
  std::atomic<bool> under_way_{false};
  std::mutex mutex_;  // guards what follows
  std::map<DestinationId, Instant> certificate_ends_;
  std::map<OrganisationId, std::int64_t> queue_bytes_max_;
};

}  // namespace waypost::relay
