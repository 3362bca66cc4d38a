#pragma once

#include <cstdint>
#include <deque>
#include <optional>
#include <span>
#include <string>
#include <variant>
#include <vector>

#include "waypost/delivery/backoff.hpp"
#include "waypost/delivery/condition.hpp"
#include "waypost/delivery/outcome.hpp"
#include "waypost/limits.hpp"
#include "waypost/random.hpp"
#include "waypost/time.hpp"

// The delivery engine: what to send to one destination, when, and what its answers mean. Sans I/O:
// facts in, with the time; actions out; next_wakeup() says when to call timer(). The same in the
// browser (towards the relay) and in the relay (towards an LRS).
namespace waypost::delivery {

using BatchId = std::uint64_t;

// What the engine knows of a queued entry; its bytes stay with the edge.
struct Entry {
  Key key = 0;
  std::string group;  // one batch holds one group (a ticket, or a destination)
  std::string lane;   // leaves in order of arrival (registration, else learner)
  std::uint32_t bytes = 0;
  std::uint32_t attempts = 0;  // persistent
  Instant next_at;             // persistent; not sent before
};

struct Settings {
  Hop hop = Hop::Lrs;
  Duration interval{limits::kUpdateIntervalDefaultMs};
  std::size_t batch_count_max = limits::kBatchCountMax;   // never more in a batch
  std::size_t batch_count_soon = limits::kBatchCountMax;  // this many waiting do not wait longer
  std::size_t batch_bytes_max = limits::kBatchBytesMax;
  Duration backoff_base{limits::kRelayBackoffBaseMs};
};

// Actions. The edge performs them in order, then feeds what came of them.

// Read up to count_max entries with keys above after_key from the queue, then call loaded().
struct Load {
  Key after_key = 0;
  std::size_t count_max = 0;
};

// Send these entries as one batch, then call outcome() with its id.
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
  void started(Instant now);                // the queue may hold entries of an earlier run
  void enqueued(Entry entry, Instant now);  // after its durable append
  void loaded(std::vector<Entry> entries, bool more, Instant now);
  void outcome(BatchId batch, const Outcome& outcome, Instant now);  // unknown batches are ignored
  void timer(Instant now);
  void flush(Instant now);   // send what waits without waiting for the interval
  void online(Instant now);  // the network is back: retry soon
  void settings_changed(const Settings& settings, Instant now);
  void stopping(Instant now);  // no more sends; outcomes of those in flight still count

  // The next action to perform, if any. Call until empty after every fact.
  std::optional<Action> next_action();

  // When to call timer() next; nothing while an outcome or a load is awaited and nothing is due.
  std::optional<Instant> next_wakeup() const;
};

}  // namespace waypost::delivery
