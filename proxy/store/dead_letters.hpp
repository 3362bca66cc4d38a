#pragma once

#include <cstdint>
#include <limits>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "proxy/store/store.hpp"

// What the destinations could not take, and what humans did about it: the part of the store's
// contract that the command line stands on.
namespace waypost::relay {

using DeadLetterId = std::int64_t;  // never given twice

struct DeadLetter {
  DeadLetterId dead_letter = 0;
  Destination ids;
  std::string organisation;
  std::string url;  // of the destination, now
  Uuid id;
  std::string lane;
  std::uint32_t bytes = 0;
  delivery::BurialReason reason = delivery::BurialReason::Refused;
  int status = 0;
  std::string words;  // the LRS's own, not to be trusted
  std::uint32_t attempts = 0;
  Instant received;
  Instant buried;
};

struct WholeDeadLetter {
  DeadLetter letter;
  // The bytes as fixed at first acceptance; of a damaged one, what was found.
  std::string statement;
};

// All that is given must fit.
struct DeadLetterFilter {
  std::optional<std::string> organisation{};  // its name
  std::optional<std::string> url{};
  std::optional<delivery::BurialReason> reason{};
  std::optional<Uuid> id{};
  std::optional<Instant> since{};  // buried then or later
  std::optional<Instant> until{};  // buried before
  DeadLetterId first = 1;
  DeadLetterId last = std::numeric_limits<DeadLetterId>::max();
};

struct DeadLetterCount {
  std::int64_t letters = 0;
  DeadLetterId last = 0;  // the highest number of them; 0 where there is none
};

// How far one bounded step has come: the next begins at through + 1.
struct Progress {
  DeadLetterId through = 0;
  bool more = false;
};

// An entry that waits again, under a new key.
struct ReplayedEntry {
  Destination ids;
  Key key = 0;
  Uuid id;
  std::string lane;
  std::uint32_t bytes = 0;
};

struct Replay {
  std::vector<ReplayedEntry> entries;
  std::int64_t already_waiting = 0;  // left alone: the same id was accepted anew and waits
  std::int64_t damaged = 0;          // likewise: nobody knows what they said
  Progress progress;
};

struct Discard {
  std::int64_t discarded = 0;
  Progress progress;
};

enum class MendAnswer : std::uint8_t {
  Mended,
  NotFound,  // there is no such dead letter (any more)
  Conflict,  // the new id is known
};

struct Mend {
  MendAnswer answer = MendAnswer::NotFound;
  ReplayedEntry entry;  // when Mended
};

struct AuditRecord {
  std::int64_t audit = 0;  // counts up
  Order order;
  std::string what;  // "replayed", "discarded", "mended", "released", "isolated anyway"
  std::string organisation;
  std::string url;  // of the destination, then
  std::int64_t entries = 0;
  std::optional<Uuid> old_id{};  // of a mended statement
  std::optional<Uuid> new_id{};
};

// Every change is one transaction together with its audit record, one for each destination it
// touched. Every method that fails leaves everything as it was.
class DeadLetters {
 public:
  DeadLetters() = default;
  DeadLetters(const DeadLetters&) = delete;
  DeadLetters& operator=(const DeadLetters&) = delete;
  virtual ~DeadLetters() = default;

  // In order of their numbers.
  virtual StoreResult<std::vector<DeadLetter>> list(const DeadLetterFilter& filter,
                                                    std::size_t count_max) = 0;

  virtual StoreResult<DeadLetterCount> count(const DeadLetterFilter& filter) = 0;

  // In the order of `ids`; those that are gone are left out.
  virtual StoreResult<std::vector<WholeDeadLetter>> read(std::span<const DeadLetterId> ids) = 0;

  // Up to count_max that fit become waiting again, for their own destination only, behind all that
  // waits, as accepted and received before and never tried.
  virtual StoreResult<Replay> replay(const DeadLetterFilter& filter, std::size_t count_max,
                                     const Order& order) = 0;

  // The dead letter goes (discarded); in its place the mended statement is accepted anew, for its
  // destination only, under an id that must not be known.
  virtual StoreResult<Mend> mend(DeadLetterId dead_letter, const NewEntry& mended,
                                 const Order& order) = 0;

  // Up to count_max that fit are removed for good.
  virtual StoreResult<Discard> discard(const DeadLetterFilter& filter, std::size_t count_max,
                                       const Order& order) = 0;

  // Puts an order on record that changes nothing here.
  virtual StoreResult<bool> record(DestinationId destination, std::string_view what,
                                   const Order& order) = 0;

  // What was ordered, oldest first, from the record behind `after` on.
  virtual StoreResult<std::vector<AuditRecord>> audit(std::int64_t after,
                                                      std::size_t count_max) = 0;
};

}  // namespace waypost::relay
