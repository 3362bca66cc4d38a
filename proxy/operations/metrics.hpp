#pragma once

#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "proxy/operations/destination_directory.hpp"
#include "proxy/store/store.hpp"

namespace waypost::relay {

// What happened, counted for Prometheus. Thread-safe; counting a request of a page costs an atomic
// addition.
class Metrics {
 public:
  Metrics(const std::vector<std::string>& organisations,
          const std::vector<DestinationLabels>& destinations);
  Metrics(const Metrics&) = delete;
  Metrics& operator=(const Metrics&) = delete;
  ~Metrics();

  void answered(unsigned status);
  void appended(std::string_view organisation, const AppendOutcome& outcome);
  void refused(std::string_view organisation, std::size_t statements);
  void committed(std::chrono::steady_clock::duration took);

  // The series of the destination's former address end, those of this one begin.
  void readdress(const DestinationLabels& destination);

  void lrs_answered(DestinationId destination, int status, std::chrono::milliseconds took);
  void delivered(DestinationId destination, std::size_t statements);
  void condition(DestinationId destination, delivery::Condition condition, bool raised);
  void ledger(DestinationId destination, const Ledger& ledger, Instant now);
  // Bytes of what waits, and how many the organisation may have.
  void queue(const std::string& organisation, std::int64_t bytes, std::int64_t bytes_max);
  void connections(std::size_t open);
  void stalled(Duration duration);  // how long the disk has stood still, or 0
  void disk(std::uint64_t free_bytes, std::uint64_t size_bytes);
  void certificate(DestinationId destination, Instant ends);
  void alert(std::string_view channel, bool sent);

  // The text exposition format.
  std::string text() const;

 private:
  struct Families;
  std::unique_ptr<Families> families_;
};

}  // namespace waypost::relay
