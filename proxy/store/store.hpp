#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "waypost/delivery/outcome.hpp"
#include "waypost/error.hpp"
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

// What a destination's verdicts did to its entries. Keys already gone are no error: a settlement
// may be repeated.
struct Settlement {
  DestinationId destination = 0;
  std::vector<Key> delivered;
  std::vector<Deferral> deferred;
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
};

// accepted = delivered + waiting, per destination, at every moment; more terms come with the
// verdicts that need them.
struct Ledger {
  std::int64_t accepted = 0;
  std::int64_t delivered = 0;
  std::int64_t waiting = 0;  // counted in the queue, not computed from the others

  std::int64_t imbalance() const { return accepted - delivered - waiting; }
};

struct DestinationName {
  std::string organisation;
  std::string url;
};

struct Destination {
  OrganisationId organisation = 0;
  DestinationId destination = 0;
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

class Store {
 public:
  Store() = default;
  Store(const Store&) = delete;
  Store& operator=(const Store&) = delete;
  virtual ~Store() = default;

  // The ids of these destinations, the same in every run; new ones begin with what is appended
  // after this call.
  virtual StoreResult<std::vector<Destination>> register_destinations(
      std::span<const DestinationName> names) = 0;

  // One transaction, on disk past an fdatasync when it returns. A failing append (of an
  // organisation that was not registered) costs only its own request, never its neighbours. When
  // the whole commit fails, a request may still turn out to be stored: asked again, it is then a
  // duplicate. While StorageFull is answered to appends, settlements alone still go through.
  virtual StoreResult<std::vector<StoreResult<AppendOutcome>>> commit(
      std::span<const AppendRequest> appends, std::span<const Settlement> settlements,
      Instant now) = 0;

  // Whether `owner` alone may send to this destination until then; its own lease is renewed.
  virtual StoreResult<bool> lease(DestinationId destination, std::string_view owner, Instant now,
                                  Instant until) = 0;

  // Entries that wait for this destination, with keys above after_key, in order of arrival.
  virtual StoreResult<std::vector<WaitingEntry>> load(DestinationId destination, Key after_key,
                                                      std::size_t count_max) = 0;

  // The bytes of waiting entries, in the order of `keys`; those that are gone are left out.
  virtual StoreResult<std::vector<Body>> read(DestinationId destination,
                                              std::span<const Key> keys) = 0;

  virtual StoreResult<Ledger> ledger(DestinationId destination) = 0;

  // Forgets ids delivered longer ago than limits::kDeliveredIdKeptMs, a bounded number at a call.
  // Returns whether more may be left.
  virtual StoreResult<bool> forget_delivered_ids(Instant now, std::size_t count_max) = 0;
};

}  // namespace waypost::relay
