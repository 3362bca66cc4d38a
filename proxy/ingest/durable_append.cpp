#include "proxy/ingest/durable_append.hpp"

#include <utility>

#include "proxy/forwarder/forwarder.hpp"
#include "proxy/operations/clock.hpp"
#include "proxy/store/group_commit.hpp"

namespace waypost::relay {
namespace {

constexpr std::size_t kPressureRequests = limits::kConnectionsMax / 2;

// What was accepted, as the forwarder wants it.
std::vector<CommittedEntry> accepted_of(std::vector<NewEntry> entries,
                                        const AppendOutcome& outcome) {
  std::vector<CommittedEntry> accepted;
  accepted.reserve(entries.size());
  for (std::size_t i = 0; i < entries.size(); ++i) {
    if (outcome.results[i] != AppendResult::Accepted) continue;
    NewEntry& entry = entries[i];
    const auto bytes = static_cast<std::uint32_t>(entry.bytes.size());
    accepted.push_back(
        {outcome.keys[i], std::move(entry.lane), entry.id, bytes, std::move(entry.bytes)});
  }
  return accepted;
}

}  // namespace

DurableAppend::DurableAppend(GroupCommit& commits, Forwarder& forwarder, Metrics& metrics)
    : commits_(commits), forwarder_(forwarder), metrics_(metrics) {}

void DurableAppend::append(const Organisation& organisation, AppendRequest request, Done done) {
  waiting_.fetch_add(1, std::memory_order_relaxed);
  request.queue_bytes_max = organisation.queue_bytes_max();
  commits_.append(std::move(request),
                  [this, &organisation, began = steady_now(), done = std::move(done)](
                      const StoreResult<AppendOutcome>& result, AppendRequest taken) {
                    waiting_.fetch_sub(1, std::memory_order_relaxed);
                    metrics_.committed(steady_now() - began);
                    if (result.value && result.value->appended) {
                      metrics_.appended(organisation.name, *result.value);
                      auto accepted = accepted_of(std::move(taken.entries), *result.value);
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
