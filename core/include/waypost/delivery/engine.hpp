#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <variant>
#include <vector>

#include "waypost/delivery/condition.hpp"
#include "waypost/delivery/entry.hpp"
#include "waypost/delivery/outcome.hpp"
#include "waypost/delivery/window.hpp"
#include "waypost/limits.hpp"
#include "waypost/random.hpp"
#include "waypost/time.hpp"

// The delivery engine: what to send to one destination, when, and what its answers mean. Sans I/O:
// facts in, with the time; actions out; next_wakeup() says when to call timer(). The same in the
// browser (towards the relay) and in the relay (towards an LRS).
namespace waypost::delivery {

using BatchId = std::uint64_t;

struct Settings {
  Hop hop = Hop::Lrs;
  Duration interval{limits::kUpdateIntervalDefaultMs};
  std::size_t batch_count_max = limits::kBatchCountMax;   // never more in a batch
  std::size_t batch_count_soon = limits::kBatchCountMax;  // this many waiting do not wait longer
  std::size_t batch_bytes_max = limits::kBatchBytesMax;
  Duration backoff_base{limits::kRelayBackoffBaseMs};
};

// Actions. The edge performs them in order, then feeds what came of them.

// Read up to count_max entries with keys above after_key from the queue, in order of keys, then
// call loaded(). Where the queue cannot be read, loaded({}, true, now) makes the engine ask again
// later.
struct Load {
  Key after_key = 0;
  std::size_t count_max = 0;
};

// Send these entries as one batch, then call outcome() with its id, whatever happened. Keys whose
// entries have left the queue meanwhile (erased, say) are left out of the request.
struct Send {
  BatchId batch = 0;
  std::vector<Key> keys;
  bool probe = false;
};

// The next hop has them: take them out of the queue for good.
struct Remove {
  std::vector<Key> keys;
};

// They stay; write down attempts + 1 and when they may be sent again.
struct Defer {
  std::vector<Key> keys;
  Instant until;
};

// They become dead letters of this queue.
struct Bury {
  std::vector<Key> keys;
};

// A condition of the destination began or ended. Reported once each way.
struct Report {
  Condition condition = Condition::Outage;
  bool raised = false;
  int status = 0;                   // of the answer that raised it, 0 if none
  Failure failure = Failure::None;  // likewise
};

using Action = std::variant<Load, Send, Remove, Defer, Bury, Report>;

// One per destination. Not thread-safe. Invariant: while the queue is not empty there is a batch in
// flight, a load under way, or a wake-up.
class Engine {
 public:
  Engine(const Settings& settings, std::uint64_t seed);

  // Facts.
  void started(Instant now);                // once; the queue may hold entries of an earlier run
  void enqueued(Entry entry, Instant now);  // after its durable append
  void loaded(std::vector<Entry> entries, bool more, Instant now);   // more: some are left unread
  void outcome(BatchId batch, const Outcome& outcome, Instant now);  // unknown batches are ignored
  void timer(Instant now);
  void flush(Instant now);   // send what waits without waiting for the interval
  void online(Instant now);  // the network may be back (a page opened, a cable in): retry soon
  void settings_changed(const Settings& settings,
                        Instant now);  // and look at once whether they help
  void stopping(Instant now);          // no more sends; outcomes of those in flight still count

  // The next action to perform, if any. Call until empty after every fact.
  std::optional<Action> next_action();

  // When to call timer() next; nothing while an outcome or a load is awaited and nothing is due.
  std::optional<Instant> next_wakeup() const { return wakeup_; }

 private:
  struct Flight {
    BatchId batch = 0;
    std::vector<Key> keys;  // ascending
    bool probe = false;
  };

  // What an outcome says of each entry of its batch.
  struct Settlement {
    std::vector<Key> removed;
    std::vector<Key> buried;
    std::vector<Key> unlisted;
  };

  static Settlement settlement_of(const Flight& flight, const Outcome& outcome);
  void settle(const Flight& flight, const Outcome& outcome, Instant now);
  void begin_outage(const Flight& flight, const Outcome& outcome, Instant now);
  void begin_block(const Flight& flight, const Outcome& outcome, Instant now);
  void lift_block();
  void widen_batches();
  void defer(std::vector<Key> keys, Instant until);
  void raise(Condition condition, const Outcome& outcome);
  void clear(Condition condition);
  Duration probe_delay(const Outcome& outcome);

  void notice_clock(Instant now);
  void advance(Instant now);
  void look_for_load(Instant now);
  void look_for_batch(Instant now);
  void look_for_probe(Instant now);
  bool worth_looking(Instant now) const;
  void ask(Action action);
  void send(std::vector<Key> keys, bool probe);
  void wake_at(Instant at);

  Settings settings_;
  Random random_;
  std::vector<Action> actions_;
  std::size_t actions_taken_ = 0;
  std::optional<Instant> wakeup_;
  Instant now_;
  bool stopping_ = false;

  // The window is the queue's entries up to known_through_; what lies beyond is loaded later.
  Window window_;
  Key known_through_ = 0;
  Key loaded_through_ = 0;  // up to here a load has told everything there was
  Key missed_through_ = 0;  // enqueued beyond the window since the load under way was asked for
  bool started_ = false;
  bool unread_ = true;  // there may be entries beyond known_through_
  bool loading_ = false;
  std::optional<Instant> load_retry_at_;

  std::optional<Flight> flight_;
  BatchId last_batch_ = 0;

  // No look at the window is due before wakeup_ or before so much more has arrived.
  bool look_ = true;
  std::size_t count_missing_ = 0;
  std::size_t bytes_missing_ = 0;

  bool outage_ = false;
  std::uint32_t failures_ = 0;          // outages in a row
  bool stored_since_start_ = false;     // until then, entries remember an earlier run's failures
  std::optional<Instant> retry_at_;     // nothing is sent before
  std::optional<Instant> asked_until_;  // the part of retry_at_ that the next hop asked for
  std::optional<Instant> deferred_until_max_;  // since online(): no deferral lasts longer

  bool blocked_ = false;
  std::uint32_t probes_ = 0;     // without success
  std::vector<Key> probed_;      // in this block
  std::size_t batch_count_cap_;  // 1 after a block, doubled by each batch that is stored
};

}  // namespace waypost::delivery
