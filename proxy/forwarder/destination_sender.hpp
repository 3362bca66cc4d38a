#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "proxy/forwarder/batch_bodies.hpp"
#include "proxy/forwarder/body_cache.hpp"
#include "proxy/forwarder/destination_lease.hpp"
#include "proxy/forwarder/last_words.hpp"
#include "proxy/forwarder/settlements.hpp"
#include "proxy/forwarder/surroundings.hpp"
#include "proxy/lrs_client/look_up.hpp"
#include "waypost/delivery/engine.hpp"

namespace waypost::relay {

// One destination: feeds its engine with what happens and performs what the engine decides. In the
// forwarder's thread.
class DestinationSender {
 public:
  struct Limits {
    std::uint64_t seed = 0;
    std::size_t cache_bytes_max = 0;
    std::size_t window_count_max = 0;
  };

  DestinationSender(ForwarderDestination destination, const Limits& limits,
                    Surroundings& surroundings);
  DestinationSender(const DestinationSender&) = delete;
  DestinationSender& operator=(const DestinationSender&) = delete;

  OrganisationId organisation() const { return destination_.ids.organisation; }

  DestinationId destination() const { return destination_.ids.destination; }

  // The next batch is sent with them, at once where the destination is blocked.
  void settings_changed(const ForwarderDestination& destination, Instant now);

  // Another url or key: begins anew there, and knows nothing of how the former one fared.
  void readdress(const ForwarderDestination& destination, Instant now);

  // An entry is on disk. `body` is null where it must be read back.
  void committed(const CommittedEntry& entry, const SharedBody& body, Instant now);

  // Begins anew with what the store says waits, once nothing is in flight to a former address.
  void reload(Instant now);

  // Does what is due; next_wakeup() is when to call it again, unless something happens before.
  void tick(Instant now);
  std::optional<Instant> next_wakeup() const;

  void isolate_anyway(Instant now);

  // Sends no more; answers to what is in flight still count.
  void stop(Instant now);

  // What the LRS has answered is on disk.
  bool is_settled() const { return settlements_.is_done(); }

  void release_lease(Instant now, const std::function<void()>& done) { lease_.release(now, done); }

 private:
  // A batch on its way through the store and the LRS.
  struct Batch {
    std::uint64_t run = 0;
    delivery::Send order;
    std::vector<Key> sent;
    std::vector<Key> unreadable;
    std::vector<Key> damaged;
    std::size_t bytes = 0;
    std::string url;  // where it went
  };

  void take_settings(const ForwarderDestination& destination);
  void complete(delivery::Settings& settings) const;
  void begin(Instant now);
  void end();
  void perform();
  void act(const delivery::Load& order);
  void act(delivery::Send& order);
  void act(delivery::Remove& removal);
  void act(const delivery::Defer& deferral);
  void act(const delivery::Bury& burial);
  void act(const delivery::Report& report);
  void act(const delivery::LookUp& order);
  void act(const delivery::AlreadyThere& there);
  void loaded(std::uint64_t run, std::size_t count_max,
              const StoreResult<std::vector<WaitingEntry>>& result, ReadBodies read);
  void bodies_read(Batch batch, ReadBodies read);
  void post(Batch batch, const std::vector<Body>& read);
  void answered(const Batch& batch, const LrsAnswer& answer);
  void count_answer(const Batch& batch);
  void look_up(std::uint64_t run, const delivery::LookUp& order, const ReadBodies& read);
  void looked_up(std::uint64_t run, delivery::BatchId request, const LookUpAnswer& answer);
  static delivery::EntryAnswer answer_to(const Batch& batch, Key key);
  void conclude(const Batch& batch, delivery::Outcome outcome);
  void trouble(std::string_view message);

  ForwarderDestination destination_;
  Limits limits_;
  Surroundings& surroundings_;
  DestinationLease lease_;
  Settlements settlements_;
  BodyCache cache_;
  LastWords last_words_;
  std::map<Key, std::string> damage_;  // found, and not buried yet
  // There while the lease is held; each time anew, so that answers to an earlier run are told by
  // its number.
  std::optional<delivery::Engine> engine_;
  std::uint64_t run_ = 0;
  bool in_outage_ = false;  // as it was told to the observer
  bool stopping_ = false;

  std::size_t in_flight_ = 0;
  // Of these, to former addresses: batches of earlier runs than first_run_here_.
  std::size_t in_flight_elsewhere_ = 0;
  std::uint64_t first_run_here_ = 0;
  bool reload_wanted_ = false;  // when those are answered
};

}  // namespace waypost::relay
