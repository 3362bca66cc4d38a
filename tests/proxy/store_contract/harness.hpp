#pragma once

#include <algorithm>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include <boost/test/unit_test.hpp>

#include "proxy/store/dead_letters.hpp"
#include "proxy/store/store.hpp"

namespace waypost::relay::contract {

inline constexpr Instant kNow{1'750'000'000'000};

inline const Order kOrder{.at = kNow, .who = "ada", .selection = "all", .why = "asked to"};

// The entry number `number`: another number is another id and another content.
inline NewEntry entry(std::uint32_t number, std::string lane = "lane") {
  NewEntry made;
  for (std::size_t i = 0; i < 4; ++i) {
    // The low byte first, so that ids do not arrive in their own order.
    made.id.bytes.at(i) = static_cast<std::uint8_t>(number >> (8 * i));
  }
  std::copy_n(made.id.bytes.begin(), 4, made.fingerprint.begin());
  std::copy_n(made.id.bytes.begin(), 4, made.meaning.begin());
  made.fingerprint.back() = 1;
  made.meaning.back() = 2;
  made.lane = std::move(lane);
  made.bytes = "{\"number\":" + std::to_string(number) + "}";
  return made;
}

inline std::vector<NewEntry> entries(std::uint32_t first, std::uint32_t last) {
  std::vector<NewEntry> made;
  for (std::uint32_t number = first; number <= last; ++number) made.push_back(entry(number));
  return made;
}

// Same id, other text, same meaning: members in another order, say.
inline NewEntry reworded(NewEntry of) {
  of.fingerprint.fill(7);
  of.bytes += " ";
  return of;
}

// Same id, other content.
inline NewEntry contradicted(NewEntry of) {
  of.fingerprint.fill(8);
  of.meaning.fill(8);
  return of;
}

template <typename T>
T checked(StoreResult<T> result) {
  BOOST_REQUIRE_MESSAGE(result.value.has_value(), result.error.message);
  return std::move(*result.value);
}

// An open store of the backend and words for what the cases do with it.
template <typename Backend>
struct Harness {
  Backend backend;
  std::unique_ptr<Store> store = backend.open();
  std::vector<DestinationName> names{};  // configured

  void reopen() {
    store.reset();
    store = backend.open();
  }

  // Configured from now on, besides those that are already.
  Destination destination(const std::string& organisation, const std::string& url) {
    const auto is_it = [&](const DestinationName& name) {
      return name.organisation == organisation && name.url == url;
    };
    if (std::none_of(names.begin(), names.end(), is_it)) names.push_back({organisation, url});
    const auto place = std::find_if(names.begin(), names.end(), is_it) - names.begin();
    return registered().at(static_cast<std::size_t>(place)).ids;
  }

  std::vector<RegisteredDestination> registered() {
    return checked(store->register_destinations(names));
  }

  AppendOutcome append(OrganisationId organisation, std::vector<NewEntry> added,
                       Atomicity atomicity = Atomicity::PerEntry) {
    const std::vector<AppendRequest> requests{{organisation, atomicity, std::move(added), kNow}};
    return checked(checked(store->commit(requests, {}, kNow)).at(0));
  }

  void settle(const Settlement& settlement, Instant now = kNow) {
    const auto outcomes = checked(store->commit({}, std::span(&settlement, 1), now));
    BOOST_TEST(outcomes.empty());
  }

  void deliver(DestinationId destination, std::vector<Key> keys, Instant now = kNow) {
    settle({.destination = destination, .delivered = std::move(keys), .deferred = {}}, now);
  }

  void defer(DestinationId destination, Key key, Instant until) {
    settle({.destination = destination, .delivered = {}, .deferred = {{key, until}}});
  }

  void bury(DestinationId destination, const std::vector<Key>& keys) {
    Settlement settlement{.destination = destination};
    for (const Key key : keys) {
      settlement.buried.push_back({.key = key, .status = 400, .words = "no", .at = kNow});
    }
    settle(settlement);
  }

  DeadLetters& dead_letters() { return store->dead_letters(); }

  std::vector<DeadLetter> graves(const DeadLetterFilter& filter = {}) {
    auto found = checked(dead_letters().list(filter, 10'000));
    const DeadLetterCount count = checked(dead_letters().count(filter));
    BOOST_TEST(count.letters == static_cast<std::int64_t>(found.size()));
    BOOST_TEST(count.last == (found.empty() ? 0 : found.back().dead_letter));
    return found;
  }

  std::vector<AuditRecord> audit() { return checked(dead_letters().audit(0, 1000)); }

  std::vector<WaitingEntry> load_all(DestinationId destination, std::size_t page = 1000) {
    std::vector<WaitingEntry> all;
    Key after = 0;
    for (;;) {
      auto some = checked(store->load(destination, after, page));
      BOOST_REQUIRE_LE(some.size(), page);
      if (some.empty()) return all;
      after = some.back().key;
      std::move(some.begin(), some.end(), std::back_inserter(all));
    }
  }

  std::vector<Key> waiting(DestinationId destination, std::size_t page = 1000) {
    std::vector<Key> keys;
    for (const WaitingEntry& found : load_all(destination, page)) keys.push_back(found.key);
    return keys;
  }

  std::vector<std::string> bodies(DestinationId destination, const std::vector<Key>& keys) {
    std::vector<std::string> found;
    for (Body& body : checked(store->read(destination, keys))) {
      found.push_back(std::move(body.bytes));
    }
    return found;
  }

  Ledger ledger(DestinationId destination) {
    const Ledger found = checked(store->ledger(destination));
    BOOST_TEST(found.imbalance() == 0);
    return found;
  }

  void check_ledger(DestinationId destination, std::int64_t accepted, std::int64_t delivered) {
    const Ledger found = ledger(destination);
    BOOST_TEST(found.accepted == accepted);
    BOOST_TEST(found.delivered == delivered);
    BOOST_TEST(found.waiting == accepted - delivered);
  }
};

using Keys = std::vector<Key>;
using Results = std::vector<AppendResult>;

inline std::ostream& operator<<(std::ostream& out, AppendResult result) {
  return out << static_cast<int>(result);
}

}  // namespace waypost::relay::contract

namespace waypost::relay {
using contract::operator<<;
}  // namespace waypost::relay
