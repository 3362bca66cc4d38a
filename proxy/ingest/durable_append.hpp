#pragma once

#include <atomic>
#include <cstddef>
#include <functional>
#include <vector>

#include "proxy/ingest/organisation.hpp"
#include "proxy/operations/metrics.hpp"
#include "proxy/store/store.hpp"

namespace waypost::relay {

class Forwarder;
class GroupCommit;

// Puts statements on disk and then tells the forwarder. Thread-safe.
class DurableAppend {
 public:
  using Done = std::function<void(const StoreResult<AppendOutcome>& result)>;

  // All outlive it.
  DurableAppend(GroupCommit& commits, Forwarder& forwarder, Metrics& metrics);

  // `done` is called once, in the store's thread or, when refused, in the caller's.
  void append(const Organisation& organisation, AppendRequest request, Done done);

  // So many requests wait for the disk that pages should send less often.
  bool under_pressure() const;

 private:
  GroupCommit& commits_;
  Forwarder& forwarder_;
  Metrics& metrics_;
  std::atomic<std::size_t> waiting_{0};
};

}  // namespace waypost::relay
