#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "proxy/lrs_client/lrs_client.hpp"
#include "proxy/store/store.hpp"
#include "waypost/delivery/condition.hpp"
#include "waypost/delivery/engine.hpp"
#include "waypost/statement/validate.hpp"

// Brings what the store holds to the LRSs: one thread, one delivery engine for each destination.
namespace waypost::relay {

class GroupCommit;

struct ForwarderDestination {
  Destination ids;
  LrsEndpoint endpoint;
  delivery::Settings delivery;
  statement::Version version = statement::Version::V1_0_3;  // of the statements
  std::optional<delivery::BlockCause> blocked{};            // how the last run left it
};

struct ForwarderSettings {
  std::vector<ForwarderDestination> destinations;
  std::string lease_owner;  // names this process and no other
  std::uint64_t seed = 0;   // for the jitter of retries
  LrsClientSettings lrs_client;
  Duration lease{30'000};
  Duration stop_wait_max{20'000};  // for requests in flight when stop() is called
};

// An entry that a commit has just put on disk.
struct CommittedEntry {
  Key key = 0;
  std::string lane;
  Uuid id;
  std::uint32_t bytes = 0;  // size of its body
  // The body itself, where the caller has it still: it is kept while memory allows and saves
  // reading it back. May be empty.
  std::string body;
};

// One answer, or the lack of one, to one batch.
struct DeliveryAttempt {
  DestinationId destination = 0;
  std::string_view url;  // where it was sent; the destination may have another by now
  std::size_t statements = 0;
  std::size_t bytes = 0;
  bool probe = false;
  const delivery::Outcome& outcome;
  std::string_view answer_text;  // from outside: escape it
  Duration took;
  std::optional<Instant> certificate_ends{};  // as of LrsAnswer
};

// Told what happens, for logs and metrics. Called in the forwarder's thread: be quick, and do not
// call the forwarder.
class ForwarderObserver {
 public:
  ForwarderObserver() = default;
  ForwarderObserver(const ForwarderObserver&) = delete;
  ForwarderObserver& operator=(const ForwarderObserver&) = delete;
  virtual ~ForwarderObserver() = default;

  virtual void attempted(const DeliveryAttempt& attempt) = 0;
  // The removal of these entries is on disk.
  virtual void delivered(DestinationId destination, std::size_t statements) = 0;
  // A dead letter more is on disk. No words of the LRS may reach a log.
  virtual void buried(DestinationId destination, const Burial& burial) = 0;
  virtual void condition_changed(DestinationId destination, const delivery::Report& report) = 0;
  // It has another address or key: what was told of its condition holds no more.
  virtual void readdressed(DestinationId destination) = 0;
  // The store refused something, or a row is damaged; it is tried again. No secrets, no bodies.
  virtual void trouble(DestinationId destination, std::string_view message) = 0;
};

// start() and stop() from one thread; the others from any, between the two. The group
// commit and the observer must outlive it.
class Forwarder {
 public:
  Forwarder(ForwarderSettings settings, GroupCommit& commits, ForwarderObserver& observer);
  Forwarder(const Forwarder&) = delete;
  Forwarder& operator=(const Forwarder&) = delete;
  ~Forwarder();  // stops

  // Begins with what an earlier run left in the store.
  void start();

  // To every destination of the organisation. Call it after the durable append, in order of keys.
  void entries_committed(OrganisationId organisation, std::vector<CommittedEntry> entries);

  // Likewise, to this destination alone: what waits again.
  void entries_waiting(DestinationId destination, std::vector<CommittedEntry> entries);

  // Begins anew with what waits for the destination: more than before may be loaded. Not before the
  // answers from a former address are there, lest an entry go to both.
  void reload(DestinationId destination);

  // Another secret or other batches for a destination it was made with. Where it is blocked it is
  // tried at once.
  void settings_changed(ForwarderDestination destination);

  // Another url or key: begins anew there with what waits, of which the store holds what waited so
  // far. What a request in flight to the former one stores still counts. Call it in order with the
  // entries that are committed, and so from the store's thread.
  void readdress(ForwarderDestination destination);

  // A human's order: where everything is refused, bury statement by statement nevertheless.
  void isolate_anyway(DestinationId destination);

  // Sends no more, waits for the answers in flight (bounded by stop_wait_max), writes them down,
  // gives the leases back. Returns when the thread has ended.
  void stop();

 private:
  class Loop;
  std::unique_ptr<Loop> loop_;
};

}  // namespace waypost::relay
