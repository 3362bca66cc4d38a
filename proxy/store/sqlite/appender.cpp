#include "proxy/store/sqlite/appender.hpp"

#include <algorithm>
#include <string>

#include "proxy/store/sqlite/queue_key.hpp"
#include "proxy/store/sqlite/sqlite_error.hpp"

namespace waypost::relay::sqlite {

Appender::Sequence* Appender::sequence_of(OrganisationId organisation) {
  const auto known = sequences_.find(organisation);
  if (known != sequences_.end()) return &known->second;
  Rows rows = database_.last_key.query(organisation);
  if (!rows.next()) return nullptr;
  const Sequence sequence{.last = rows.integer(0), .body_bytes = rows.integer(1)};
  return &sequences_.emplace(organisation, sequence).first->second;
}

StoreResult<AppendOutcome> Appender::append(const AppendRequest& request) {
  Sequence* sequence = sequence_of(request.organisation);
  if (sequence == nullptr) return {{}, {ErrorCode::NotFound, "no such organisation"}};
  AppendOutcome outcome;
  outcome.results.reserve(request.entries.size());
  outcome.keys.reserve(request.entries.size());
  Key last = sequence->last;
  std::int64_t added_bytes = 0;
  bool conflict = false;
  for (const NewEntry& entry : request.entries) {
    const AppendResult result = database_.known_ids.compare(request.organisation, entry);
    const bool is_new = result == AppendResult::Accepted;
    if (is_new) {
      add(request, entry, ++last);
      added_bytes += static_cast<std::int64_t>(entry.bytes.size());
    }
    conflict = conflict || result == AppendResult::Conflict;
    outcome.results.push_back(result);
    outcome.keys.push_back(is_new ? last : 0);
  }
  const std::int64_t waiting_bytes = sequence->body_bytes + sequence->added_bytes;
  if (added_bytes > 0 && waiting_bytes + added_bytes > request.queue_bytes_max) {
    take_back(request, outcome);
    return {{}, {ErrorCode::QueueFull, std::to_string(waiting_bytes) + " bytes wait already"}};
  }
  if (conflict && request.atomicity == Atomicity::AllOrNothing) {
    take_back(request, outcome);
    outcome.appended = false;
    std::fill(outcome.keys.begin(), outcome.keys.end(), 0);
    return {std::move(outcome), {}};
  }
  sequence->accepted += last - sequence->last;
  sequence->added_bytes += added_bytes;
  sequence->last = last;
  return {std::move(outcome), {}};
}

void Appender::add(const AppendRequest& request, const NewEntry& entry, Key key) {
  const Bytes bytes(reinterpret_cast<const std::uint8_t*>(entry.bytes.data()), entry.bytes.size());
  database_.known_ids.add(request.organisation, entry, key);
  database_.add_body.execute(key, request.received.ms, std::string_view(entry.lane), bytes);
}

void Appender::take_back(const AppendRequest& request, const AppendOutcome& outcome) {
  for (std::size_t i = 0; i < outcome.results.size(); ++i) {
    if (outcome.results[i] != AppendResult::Accepted) continue;
    database_.known_ids.take_back(request.organisation, request.entries[i].id, outcome.keys[i]);
    database_.remove_bodies.execute(outcome.keys[i], outcome.keys[i]);
  }
}

void Appender::write_counts() {
  for (const auto& [organisation, sequence] : sequences_) {
    if (sequence.accepted == 0) continue;
    database_.set_last_key.execute(organisation, sequence.last, sequence.added_bytes);
    database_.count_accepted.execute(organisation, sequence.accepted);
  }
}

}  // namespace waypost::relay::sqlite
