#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "waypost/delivery/burial.hpp"
#include "waypost/delivery/condition.hpp"
#include "waypost/delivery/outcome.hpp"
#include "waypost/error.hpp"
#include "waypost/limits.hpp"
#include "waypost/time.hpp"
#include "waypost/uuid.hpp"

// The durable queue of the relay: a contract with its own test suite. SQLite is the first that
// fulfils it; a database shared by several relays must fit it too.
namespace waypost::relay {

using delivery::Key;

using OrganisationId = std::uint32_t;
using DestinationId = std::uint32_t;

using Fingerprint = std::array<std::uint8_t, 32>;  // SHA-256 of the text as received
using Meaning = std::array<std::uint8_t, 16>;      // of statement::comparable() of that text

struct NewEntry {
  Uuid id;
  Fingerprint fingerprint{};
  Meaning meaning{};
  std::string lane;
  std::string bytes;  // as fixed at first acceptance, stamps included
};

enum class Atomicity : std::uint8_t {
  PerEntry,      // /post: each entry for itself
  AllOrNothing,  // /xapi: one conflict and nothing of the request is appended
};

struct AppendRequest {
  OrganisationId organisation = 0;
  Atomicity atomicity = Atomicity::PerEntry;
  std::vector<NewEntry> entries;
  Instant received;
  // What waits of the organisation may have so many bytes, these entries included.
  std::int64_t queue_bytes_max = limits::kQueueBytesDefault;
};

enum class AppendResult : std::uint8_t {
  Accepted,
  Duplicate,  // the id is known with the same fingerprint or the same meaning
  Conflict,   // the id is known with another content
};

// `appended` is false when nothing of the request was kept because of Atomicity::AllOrNothing: the
// results then say what each entry met, and no key is given.
struct AppendOutcome {
  bool appended = true;
  std::vector<AppendResult> results;  // one for each entry, in order
  std::vector<Key> keys;              // likewise; 0 unless Accepted
};

struct Deferral {
  Key key = 0;
  Instant until;  // and one attempt more
};

// An entry that becomes a dead letter: set aside, with the evidence, for a human.
struct Burial {
  Key key = 0;
  delivery::BurialReason reason = delivery::BurialReason::Refused;
  int status = 0;     // of the answer; 0 where there was none
  std::string words;  // the LRS's own, not to be trusted; at most limits::kBurialWordsBytesMax
  std::uint32_t attempts = 0;
  Instant at;
};

struct BlockNote {
  std::optional<delivery::BlockCause> cause;  // nothing: it is not blocked any more
};

// What a destination's verdicts did to its entries. Keys already gone are no error: a settlement
// may be repeated, and counts once. A key that stands in several lists is in the first of them.
struct Settlement {
  DestinationId destination = 0;
  std::vector<Key> delivered{};
  std::vector<Deferral> deferred{};
  std::vector<Key> already_there{};  // the LRS had them
  std::vector<Burial> buried{};
  std::optional<BlockNote> block{};
};

struct WaitingEntry {
  Key key = 0;
  std::string lane;
  std::uint32_t bytes = 0;
  std::uint32_t attempts = 0;
  Instant next_at;
};

struct Body {
  Key key = 0;
  Uuid id;
  std::string bytes;
  // What was found where the disk does not hold what was written: then the bytes must not be sent.
  std::string damage{};
};

// accepted = delivered + already there + dead letters + discarded + waiting, per destination, at
// every moment.
struct Ledger {
  std::int64_t accepted = 0;
  std::int64_t delivered = 0;
  std::int64_t already_there = 0;
  std::int64_t dead_letters = 0;  // counted in their table
  std::int64_t discarded = 0;     // by a human; mended ones too, which are accepted anew
  std::int64_t waiting = 0;       // counted in the queue, not computed from the others
  std::int64_t held = 0;          // of those waiting, not sent until a human releases them
  std::int64_t queue_bytes = 0;   // of all that waits in its organisation
  std::optional<Instant> oldest_waiting{};        // when the first of those waiting was received
  std::optional<delivery::BlockCause> blocked{};  // as noted last

  std::int64_t imbalance() const {
    return accepted - delivered - already_there - dead_letters - discarded - waiting;
  }
};

struct DestinationName {
  std::string organisation;
  std::string url;
  // A digest of the API key that tells one key from another. Never the secret.
  std::string credential{};

  friend bool operator==(const DestinationName&, const DestinationName&) = default;
};

struct Destination {
  OrganisationId organisation = 0;
  DestinationId destination = 0;
};

// A destination to which this run sends, and where.
struct RunningDestination {
  Destination ids;
  DestinationName name;
};

// A destination as an earlier run, or other settings, left it.
struct RegisteredDestination {
  Destination ids;
  Key held_through = 0;   // entries up to here are held; 0: none is
  std::int64_t held = 0;  // so many
  std::optional<delivery::BlockCause> blocked;
};

// Who ordered something, and in what words, for the audit record.
struct Order {
  Instant at;
  std::string who;
  std::string selection{};  // what it was ordered for
  std::string why{};
};

// One thread at a time may call a store. Every method that fails leaves the store as it was before
// the call; the message is for the log.
struct StoreError {
  ErrorCode code = ErrorCode::StorageFailed;  // or StorageFull
  std::string message;
};

template <typename T>
struct [[nodiscard]] StoreResult {
  std::optional<T> value;
  StoreError error;
};

class DeadLetters;

class Store {
 public:
  Store() = default;
  Store(const Store&) = delete;
  Store& operator=(const Store&) = delete;
  virtual ~Store() = default;

  // All destinations that are configured now; the same ids in every run. In an organisation the
  // same URL is the same destination; those left take, in order, the known ones that are not
  // configured any more (their URL was changed); the others are new and begin with what is appended
  // after this call. Where the URL or the credential of a known one changed, what waits for it is
  // held until release(), and it is not blocked any more.
  virtual StoreResult<std::vector<RegisteredDestination>> register_destinations(
      std::span<const DestinationName> names) = 0;

  // The destinations that run go by other names from now on, as many in each organisation: who is
  // who and what is held is decided as above, by their names so far. Conflict where a name is that
  // of a destination which an earlier run had and this one has not.
  virtual StoreResult<std::vector<RegisteredDestination>> change_destinations(
      std::span<const RunningDestination> running, std::span<const DestinationName> names) = 0;

  // Lets go what is held for the destination, with an audit record. How many; 0 where none was.
  virtual StoreResult<std::int64_t> release(DestinationId destination, const Order& order) = 0;

  // One transaction, on disk past an fdatasync when it returns. A failing append (NotFound: of an
  // organisation that was not registered; QueueFull: new entries beyond its queue_bytes_max) costs
  // only its own request, never its neighbours. When
  // the whole commit fails, a request may still turn out to be stored: asked again, it is then a
  // duplicate. While StorageFull is answered to appends, settlements alone still go through.
  virtual StoreResult<std::vector<StoreResult<AppendOutcome>>> commit(
      std::span<const AppendRequest> appends, std::span<const Settlement> settlements,
      Instant now) = 0;

  // Whether `owner` alone may send to this destination until then; its own lease is renewed.
  virtual StoreResult<bool> lease(DestinationId destination, std::string_view owner, Instant now,
                                  Instant until) = 0;

  // Entries that wait for this destination and are not held, with keys above after_key, in order of
  // arrival.
  virtual StoreResult<std::vector<WaitingEntry>> load(DestinationId destination, Key after_key,
                                                      std::size_t count_max) = 0;

  // The bytes of waiting entries, in the order of `keys`; those that are gone are left out. Where
  // damage is found, Body::damage says so, and the burial of such an entry keeps what is left of
  // it.
  virtual StoreResult<std::vector<Body>> read(DestinationId destination,
                                              std::span<const Key> keys) = 0;

  virtual StoreResult<Ledger> ledger(DestinationId destination) = 0;

  // Lives as long as the store; the same thread.
  virtual DeadLetters& dead_letters() = 0;

  // Forgets ids delivered longer ago than limits::kDeliveredIdKeptMs, a bounded number at a call.
  // Returns whether more may be left.
  virtual StoreResult<bool> forget_delivered_ids(Instant now, std::size_t count_max) = 0;
};

}  // namespace waypost::relay
