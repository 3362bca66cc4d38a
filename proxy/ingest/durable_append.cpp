#include "proxy/ingest/durable_append.hpp"

#include <memory>
#include <utility>

#include "proxy/forwarder/forwarder.hpp"
#include "proxy/operations/clock.hpp"
#include "proxy/store/group_commit.hpp"

namespace waypost::relay {
namespace {

constexpr std::size_t kPressureRequests = limits::kConnectionsMax / 2;

// The entries as the forwarder wants them, but for their keys.
std::vector<CommittedEntry> copies_of(const std::vector<NewEntry>& entries) {
  std::vector<CommittedEntry> copies;
  copies.reserve(entries.size());
  for (const NewEntry& entry : entries) {
    copies.push_back(
        {0, entry.lane, entry.id, static_cast<std::uint32_t>(entry.bytes.size()), entry.bytes});
  }
  return copies;
}

std::vector<CommittedEntry> accepted_of(std::vector<CommittedEntry> entries,
                                        const AppendOutcome& outcome) {
  std::vector<CommittedEntry> accepted;
  accepted.reserve(entries.size());
  for (std::size_t i = 0; i < entries.size(); ++i) {
    if (outcome.results[i] != AppendResult::Accepted) continue;
    entries[i].key = outcome.keys[i];
    accepted.push_back(std::move(entries[i]));
  }
  return accepted;
}

}  // namespace

DurableAppend::DurableAppend(GroupCommit& commits, Forwarder& forwarder, Metrics& metrics)
    : commits_(commits), forwarder_(forwarder), metrics_(metrics) {}

void DurableAppend::append(const Organisation& organisation, AppendRequest request, Done done) {
  waiting_.fetch_add(1, std::memory_order_relaxed);
  request.queue_bytes_max = organisation.queue_bytes_max();
  // The callback must be copyable, the entries should not be copied again.
  auto copies = std::make_shared<std::vector<CommittedEntry>>(copies_of(request.entries));
  commits_.append(std::move(request), [this, &organisation, copies, began = steady_now(),
                                       done = std::move(done)](StoreResult<AppendOutcome> result) {
    waiting_.fetch_sub(1, std::memory_order_relaxed);
    metrics_.committed(steady_now() - began);
    if (result.value && result.value->appended) {
      metrics_.appended(organisation.name, *result.value);
      auto accepted = accepted_of(std::move(*copies), *result.value);
      if (!accepted.empty()) {
        forwarder_.entries_committed(organisation.id, std::move(accepted));
      }
    }
    done(result);
  });
}

bool DurableAppend::under_pressure() const {
  return waiting_.load(std::memory_order_relaxed) > kPressureRequests;
}

}  // namespace waypost::relay
