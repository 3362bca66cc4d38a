#include "proxy/store/sqlite/appender.hpp"

#include <algorithm>

#include "proxy/store/sqlite/queue_key.hpp"
#include "proxy/store/sqlite/sqlite_error.hpp"

namespace waypost::relay::sqlite {

Appender::Sequence* Appender::sequence_of(OrganisationId organisation) {
  const auto known = sequences_.find(organisation);
  if (known != sequences_.end()) return &known->second;
  Rows rows = database_.last_key.query(organisation);
  if (!rows.next()) return nullptr;
  return &sequences_.emplace(organisation, Sequence{.last = rows.integer(0)}).first->second;
}

StoreResult<AppendOutcome> Appender::append(const AppendRequest& request) {
  Sequence* sequence = sequence_of(request.organisation);
  if (sequence == nullptr) return {{}, {ErrorCode::NotFound, "no such organisation"}};
  AppendOutcome outcome;
  outcome.results.reserve(request.entries.size());
  outcome.keys.reserve(request.entries.size());
  Key last = sequence->last;
  bool conflict = false;
  for (const NewEntry& entry : request.entries) {
    const AppendResult result = append_entry(request, entry, last + 1);
    conflict = conflict || result == AppendResult::Conflict;
    outcome.results.push_back(result);
    outcome.keys.push_back(result == AppendResult::Accepted ? ++last : 0);
  }
  if (conflict && request.atomicity == Atomicity::AllOrNothing) {
    take_back(request, outcome);
    outcome.appended = false;
    std::fill(outcome.keys.begin(), outcome.keys.end(), 0);
    return {std::move(outcome), {}};
  }
  sequence->accepted += last - sequence->last;
  sequence->last = last;
  return {std::move(outcome), {}};
}

AppendResult Appender::append_entry(const AppendRequest& request, const NewEntry& entry, Key key) {
  const bool is_new = database_.add_id.execute(request.organisation, entry.id, key,
                                               Bytes(entry.fingerprint), Bytes(entry.meaning)) == 1;
  if (!is_new) return compare_with_known(request.organisation, entry);
  const Bytes bytes(reinterpret_cast<const std::uint8_t*>(entry.bytes.data()), entry.bytes.size());
  database_.add_body.execute(key, entry.id, request.received.ms, std::string_view(entry.lane),
                             bytes);
  return AppendResult::Accepted;
}

AppendResult Appender::compare_with_known(OrganisationId organisation, const NewEntry& entry) {
  Rows rows = database_.find_id.query(organisation, entry.id);
  if (!rows.next()) throw SqliteError(SQLITE_CORRUPT, 0, "an id is known and not found");
  const Bytes fingerprint = rows.bytes(0);
  const Bytes meaning = rows.bytes(1);
  const bool is_same =
      std::equal(fingerprint.begin(), fingerprint.end(), entry.fingerprint.begin(),
                 entry.fingerprint.end()) ||
      std::equal(meaning.begin(), meaning.end(), entry.meaning.begin(), entry.meaning.end());
  return is_same ? AppendResult::Duplicate : AppendResult::Conflict;
}

void Appender::take_back(const AppendRequest& request, const AppendOutcome& outcome) {
  for (std::size_t i = 0; i < outcome.results.size(); ++i) {
    if (outcome.results[i] != AppendResult::Accepted) continue;
    database_.remove_id.execute(request.organisation, request.entries[i].id);
    database_.remove_bodies.execute(outcome.keys[i], outcome.keys[i]);
  }
}

void Appender::write_counts() {
  for (const auto& [organisation, sequence] : sequences_) {
    if (sequence.accepted == 0) continue;
    database_.set_last_key.execute(organisation, sequence.last);
    database_.count_accepted.execute(organisation, sequence.accepted);
  }
}

}  // namespace waypost::relay::sqlite
