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
  const Sequence sequence{.stored_through = rows.integer(0), .body_bytes = rows.integer(1)};
  return &sequences_.emplace(organisation, sequence).first->second;
}

StoreResult<AppendOutcome> Appender::append(const AppendRequest& request) {
  Sequence* sequence = sequence_of(request.organisation);
  if (sequence == nullptr) return {{}, {ErrorCode::NotFound, "no such organisation"}};
  const std::size_t entries_before = sequence->added.size();
  try {
    return append_to(*sequence, request);
  } catch (const SqliteError& error) {
    // What is known of an id cannot be read: that must not cost the neighbours.
    if (!error.is_damage()) throw;
    take_back(request.organisation, *sequence, entries_before);
    return {{}, error.store_error()};
  }
}

StoreResult<AppendOutcome> Appender::append_to(Sequence& sequence, const AppendRequest& request) {
  AppendOutcome outcome;
  outcome.results.reserve(request.entries.size());
  outcome.keys.reserve(request.entries.size());
  const std::size_t entries_before = sequence.added.size();
  std::int64_t added_bytes = 0;
  bool conflict = false;
  for (const NewEntry& entry : request.entries) {
    const AppendResult result = compare(sequence, request.organisation, entry);
    const bool is_new = result == AppendResult::Accepted;
    if (is_new) {
      sequence.added.push_back({&entry, request.received});
      database_.known_ids.add(request.organisation, entry.id, sequence.last());
      added_bytes += static_cast<std::int64_t>(entry.bytes.size());
    }
    conflict = conflict || result == AppendResult::Conflict;
    outcome.results.push_back(result);
    outcome.keys.push_back(is_new ? sequence.last() : 0);
  }
  const std::int64_t waiting_bytes = sequence.body_bytes + sequence.added_bytes;
  if (added_bytes > 0 && waiting_bytes + added_bytes > request.queue_bytes_max) {
    take_back(request.organisation, sequence, entries_before);
    return {{}, {ErrorCode::QueueFull, std::to_string(waiting_bytes) + " bytes wait already"}};
  }
  if (conflict && request.atomicity == Atomicity::AllOrNothing) {
    take_back(request.organisation, sequence, entries_before);
    outcome.appended = false;
    std::fill(outcome.keys.begin(), outcome.keys.end(), 0);
    return {std::move(outcome), {}};
  }
  sequence.added_bytes += added_bytes;
  return {std::move(outcome), {}};
}

AppendResult Appender::compare(const Sequence& sequence, OrganisationId organisation,
                               const NewEntry& entry) {
  const auto is_same = [&entry](const auto& known) {
    return known.fingerprint == entry.fingerprint || known.meaning == entry.meaning;
  };
  const std::optional<Key> key = database_.known_ids.find(organisation, entry.id);
  if (!key.has_value()) return AppendResult::Accepted;
  const KeyRange added{sequence.stored_through + 1, sequence.last()};
  const bool is_known =
      added.contains(*key)
          ? is_same(*sequence.added[static_cast<std::size_t>(*key - added.first)].entry)
          : is_same(database_.known_ids.arrival(*key));
  return is_known ? AppendResult::Duplicate : AppendResult::Conflict;
}

void Appender::take_back(OrganisationId organisation, Sequence& sequence,
                         std::size_t entries_before) {
  for (std::size_t i = entries_before; i < sequence.added.size(); ++i) {
    database_.known_ids.take_back(organisation, sequence.added[i].entry->id);
  }
  sequence.added.resize(entries_before);
}

void Appender::write() {
  SheafWriter sheaves(database_);
  for (const auto& [organisation, sequence] : sequences_) {
    if (sequence.added.empty()) continue;
    sheaves.write(sequence.stored_through + 1, sequence.added);
    database_.set_last_key.execute(organisation, sequence.last(), sequence.added_bytes);
    database_.count_accepted.execute(organisation,
                                     static_cast<std::int64_t>(sequence.added.size()));
  }
}

}  // namespace waypost::relay::sqlite
