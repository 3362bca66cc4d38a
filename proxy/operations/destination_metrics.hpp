#pragma once

#include <chrono>
#include <map>
#include <memory>
#include <mutex>
#include <vector>

#include <prometheus/counter.h>
#include <prometheus/gauge.h>
#include <prometheus/histogram.h>
#include <prometheus/registry.h>

#include "proxy/operations/destination_directory.hpp"
#include "waypost/delivery/condition.hpp"

namespace waypost::relay {

// The metrics that bear the label of a destination. Those of an address end with it. From any
// thread; what is told of a destination that is not known is ignored.
class DestinationMetrics {
 public:
  // The registry outlives it.
  explicit DestinationMetrics(prometheus::Registry& registry);
  DestinationMetrics(const DestinationMetrics&) = delete;
  DestinationMetrics& operator=(const DestinationMetrics&) = delete;
  ~DestinationMetrics();

  void add(const DestinationLabels& destination);

  // The series of its former address end, those of this one begin.
  void readdress(const DestinationLabels& destination);

  void answered(DestinationId destination, int status, std::chrono::milliseconds took);
  void delivered(DestinationId destination, std::size_t statements);
  void condition(DestinationId destination, delivery::Condition condition, bool raised);
  void ledger(DestinationId destination, const Ledger& ledger, Instant now);
  void certificate(DestinationId destination, Instant ends);

 private:
  struct Families;

  // Of one destination. Requests of a status, and a null pointer, begin when they are told first.
  struct Series {
    prometheus::Labels labels;
    prometheus::Counter* delivered = nullptr;
    prometheus::Histogram* seconds = nullptr;
    std::vector<prometheus::Gauge*> terms{};  // of the ledger
    prometheus::Gauge* waiting = nullptr;
    prometheus::Gauge* held = nullptr;
    prometheus::Gauge* oldest = nullptr;
    prometheus::Gauge* imbalance = nullptr;
    std::map<int, prometheus::Counter*> requests{};  // by status
    std::map<delivery::Condition, prometheus::Gauge*> conditions{};
    prometheus::Gauge* certificate = nullptr;
  };

  void begin(const DestinationLabels& destination);
  void end(const Series& series);
  Series* of(DestinationId destination);

  std::unique_ptr<Families> families_;
  std::mutex mutex_;
  std::map<DestinationId, Series> series_;  // guarded
};

}  // namespace waypost::relay
