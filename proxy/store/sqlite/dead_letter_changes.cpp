#include "proxy/store/sqlite/dead_letter_changes.hpp"

#include <algorithm>
#include <map>
#include <utility>

#include "proxy/store/sqlite/audit_log.hpp"
#include "proxy/store/sqlite/dead_letter_table.hpp"
#include "proxy/store/sqlite/settled_keys.hpp"
#include "proxy/store/sqlite/settler.hpp"
#include "proxy/store/sqlite/sheaf_writer.hpp"
#include "proxy/store/sqlite/sqlite_error.hpp"

namespace waypost::relay::sqlite {
namespace {

// What of a dead letter its next entry needs, besides the bytes.
struct Grave {
  DeadLetterId dead_letter = 0;
  Destination ids;
  NewEntry entry;  // without bytes
  delivery::BurialReason reason = delivery::BurialReason::Refused;
  std::uint32_t bytes = 0;
  Instant received;
};

struct Graves {
  std::vector<Grave> graves;
  Progress progress;
};

template <std::size_t kSize>
std::array<std::uint8_t, kSize> digest(Bytes stored) {
  std::array<std::uint8_t, kSize> bytes{};
  if (stored.size() != kSize) throw SqliteError(SQLITE_CORRUPT, 0, "a digest of another size");
  std::copy(stored.begin(), stored.end(), bytes.begin());
  return bytes;
}

// The first of those that fit.
Graves find(Database& database, const DeadLetterFilter& filter, std::size_t count_max) {
  Graves found;
  FilteredSelect select = FilteredSelect::letters(
      database,
      "dead_letter, organisation, destination, id, fingerprint, meaning, lane,"
      " length(bytes), received_ms, reason",
      filter);
  Rows rows = select.query(count_max + 1);
  while (rows.next()) {
    if (found.graves.size() == count_max) {
      found.progress.more = true;
      break;
    }
    Grave grave;
    grave.dead_letter = found.progress.through = rows.integer(0);
    grave.ids = {static_cast<OrganisationId>(rows.integer(1)),
                 static_cast<DestinationId>(rows.integer(2))};
    grave.entry.id = rows.uuid(3);
    grave.entry.fingerprint = digest<std::tuple_size_v<Fingerprint>>(rows.bytes(4));
    grave.entry.meaning = digest<std::tuple_size_v<Meaning>>(rows.bytes(5));
    grave.entry.lane = rows.text(6);
    grave.bytes = static_cast<std::uint32_t>(rows.integer(7));
    grave.received = {rows.integer(8)};
    grave.reason = static_cast<delivery::BurialReason>(rows.integer(9));
    found.graves.push_back(std::move(grave));
  }
  return found;
}

// Puts entries behind all that waits in their organisation, for one destination alone.
class Requeue {
 public:
  explicit Requeue(Database& database) : database_(database), sheaves_(database) {}

  // Each in a sheaf of its own: they may be large and are written as they come.
  Key add(const Destination& ids, const NewEntry& entry, Instant received) {
    Sequence& sequence = sequence_of(ids.organisation);
    const Key key = ++sequence.last;
    sequence.bytes += static_cast<std::int64_t>(entry.bytes.size());
    const SheafEntry alone{&entry, received};
    sheaves_.write(key, std::span(&alone, 1));
    database_.known_ids.add(ids.organisation, entry.id, key);
    keys_[ids.organisation][ids.destination].push_back(key);
    return key;
  }

  // Once, after the last: for every other destination the keys are behind it.
  void finish() {
    std::size_t count = 0;
    for (const auto& [organisation, sequence] : sequences_) {
      database_.set_last_key.execute(organisation, sequence.last, sequence.bytes);
    }
    for (const auto& [organisation, by_destination] : keys_) {
      for (const auto& [destination, keys] : by_destination) {
        count += keys.size();
        for (const DestinationId other : others(organisation, destination)) {
          settle_uncounted(database_, other, keys);
        }
      }
    }
    database_.known_ids.index_some(count);
  }

 private:
  struct Sequence {
    Key last = 0;
    std::int64_t bytes = 0;  // added
  };

  Sequence& sequence_of(OrganisationId organisation) {
    auto place = sequences_.find(organisation);
    if (place == sequences_.end()) {
      Rows rows = database_.last_key.query(organisation);
      rows.next();
      place = sequences_.emplace(organisation, Sequence{.last = rows.integer(0)}).first;
    }
    return place->second;
  }

  std::vector<DestinationId> others(OrganisationId organisation, DestinationId destination) {
    std::vector<DestinationId> found;
    Rows rows = database_.other_destinations.query(organisation, destination);
    while (rows.next()) found.push_back(static_cast<DestinationId>(rows.integer(0)));
    return found;
  }

  Database& database_;
  SheafWriter sheaves_;
  std::map<OrganisationId, Sequence> sequences_;
  std::map<OrganisationId, std::map<DestinationId, std::vector<Key>>> keys_;
};

class Remover {
 public:
  explicit Remover(Database& database)
      : content_(database.connection.handle(),
                 "DELETE FROM dead_letter_content WHERE dead_letter = ?1"),
        letter_(database.connection.handle(), "DELETE FROM dead_letter WHERE dead_letter = ?1") {}

  void remove(DeadLetterId dead_letter) {
    content_.execute(dead_letter);
    letter_.execute(dead_letter);
  }

 private:
  Statement content_;
  Statement letter_;
};

void count_discarded(Database& database, DestinationId destination, std::int64_t discarded,
                     std::int64_t accepted) {
  Statement count(database.connection.handle(),
                  "UPDATE destination SET discarded = discarded + ?2, accepted = accepted + ?3"
                  " WHERE destination = ?1");
  count.execute(destination, discarded, accepted);
}

std::string only_text(Rows rows) {
  if (!rows.next()) throw SqliteError(SQLITE_CORRUPT, 0, "a dead letter has no content");
  return std::string(rows.text(0));
}

// The same id was forgotten, accepted anew, and waits for this destination already.
bool waits_already(Database& database, const Grave& grave) {
  const auto key = database.known_ids.find(grave.ids.organisation, grave.entry.id);
  if (!key.has_value()) return false;
  const auto state = destination_state(database, grave.ids.destination);
  return !SettledKeys(database, grave.ids.destination, state->delivered_through).contains(*key);
}

}  // namespace

Replay replay_dead_letters(Database& database, const DeadLetterFilter& filter,
                           std::size_t count_max, const Order& order) {
  Graves found = find(database, filter, count_max);
  Replay replay{.entries = {}, .already_waiting = 0, .damaged = 0, .progress = found.progress};
  Statement content(database.connection.handle(),
                    "SELECT bytes FROM dead_letter_content WHERE dead_letter = ?1");
  Remover remover(database);
  Requeue requeue(database);
  std::map<DestinationId, std::int64_t> counts;
  for (Grave& grave : found.graves) {
    if (grave.reason == delivery::BurialReason::Damaged) {
      ++replay.damaged;
      continue;
    }
    if (waits_already(database, grave)) {
      ++replay.already_waiting;
      continue;
    }
    grave.entry.bytes = only_text(content.query(grave.dead_letter));
    const Key key = requeue.add(grave.ids, grave.entry, grave.received);
    remover.remove(grave.dead_letter);
    ++counts[grave.ids.destination];
    replay.entries.push_back({grave.ids, key, grave.entry.id, grave.entry.lane, grave.bytes});
    grave.entry.bytes = {};  // not all of them at once
  }
  requeue.finish();
  for (const auto& [destination, entries] : counts) {
    write_audit(database, {.what = "replayed", .destination = destination, .entries = entries},
                order);
  }
  return replay;
}

Mend mend_dead_letter(Database& database, DeadLetterId dead_letter, const NewEntry& mended,
                      const Order& order) {
  DeadLetterFilter one;
  one.first = one.last = dead_letter;
  const Graves found = find(database, one, 1);
  if (found.graves.empty()) return {};
  const Grave& grave = found.graves.front();
  if (database.known_ids.find(grave.ids.organisation, mended.id).has_value()) {
    return {.answer = MendAnswer::Conflict, .entry = {}};
  }
  Requeue requeue(database);
  const Key key = requeue.add(grave.ids, mended, order.at);
  Remover(database).remove(dead_letter);
  count_discarded(database, grave.ids.destination, 1, 1);
  requeue.finish();
  write_audit(database,
              {.what = "mended",
               .destination = grave.ids.destination,
               .entries = 1,
               .old_id = grave.entry.id,
               .new_id = mended.id},
              order);
  return {.answer = MendAnswer::Mended,
          .entry = {grave.ids, key, mended.id, mended.lane,
                    static_cast<std::uint32_t>(mended.bytes.size())}};
}

Discard discard_dead_letters(Database& database, const DeadLetterFilter& filter,
                             std::size_t count_max, const Order& order) {
  const Graves found = find(database, filter, count_max);
  Remover remover(database);
  std::map<DestinationId, std::int64_t> counts;
  for (const Grave& grave : found.graves) {
    remover.remove(grave.dead_letter);
    ++counts[grave.ids.destination];
  }
  for (const auto& [destination, entries] : counts) {
    count_discarded(database, destination, entries, 0);
    write_audit(database, {.what = "discarded", .destination = destination, .entries = entries},
                order);
  }
  return {.discarded = static_cast<std::int64_t>(found.graves.size()), .progress = found.progress};
}

}  // namespace waypost::relay::sqlite
