#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "waypost/delivery/action.hpp"
#include "waypost/delivery/entry.hpp"
#include "waypost/delivery/isolation.hpp"
#include "waypost/delivery/outcome.hpp"
#include "waypost/delivery/selection.hpp"
#include "waypost/delivery/verdict.hpp"
#include "waypost/delivery/window.hpp"
#include "waypost/limits.hpp"
#include "waypost/random.hpp"
#include "waypost/time.hpp"

// The delivery engine: what to send to one destination, when, and what its answers mean. Sans I/O:
// facts in, with the time; actions out; next_wakeup() says when to call timer(). The same in the
// browser (towards the relay) and in the relay (towards an LRS). docs/delivery.md has the table of
// answers.
namespace waypost::delivery {

struct Settings {
  Hop hop = Hop::Lrs;
  Duration interval{limits::kUpdateIntervalDefaultMs};
  std::size_t batch_count_max = limits::kBatchCountMax;   // never more in a batch
  std::size_t batch_count_soon = limits::kBatchCountMax;  // this many waiting do not wait longer
  std::size_t batch_bytes_max = limits::kBatchBytesMax;
  std::size_t window_count_max = limits::kEngineWindowDefault;  // held in memory
  Duration backoff_base{limits::kRelayBackoffBaseMs};
};

// What a look-up found of an entry at the next hop.
enum class Found : std::uint8_t {
  Equal = 0,       // the same statement, by the specification's rules of immutability
  Different = 1,   // another one with its id
  Absent = 2,      // nothing, among the voided ones either
  Unreadable = 3,  // we may not read, or cannot make out what was answered
};

// One per destination. Not thread-safe. Invariant: while the queue is not empty there is a request
// in flight, a load under way, or a wake-up.
class Engine {
 public:
  Engine(const Settings& settings, std::uint64_t seed);

  // Facts.
  // Once. The queue may hold entries of an earlier run, which may have ended in a block.
  void started(Instant now, std::optional<BlockCause> blocked = std::nullopt);
  // After its durable append. True when it is held from now on; false when it is loaded later.
  bool enqueued(Entry entry, Instant now);
  void loaded(std::vector<Entry> entries, bool more, Instant now);   // more: some are left unread
  void outcome(BatchId batch, const Outcome& outcome, Instant now);  // unknown ids are ignored
  void looked_up(BatchId request, Found found, Instant now);         // likewise
  void timer(Instant now);
  void flush(Instant now);   // send what waits without waiting for the interval
  void online(Instant now);  // the network may be back (a page opened, a cable in): retry soon
  void settings_changed(const Settings& settings,
                        Instant now);  // and look at once whether they help
  void isolate_anyway(Instant now);    // a human's order while the cause of a block is Suspect
  void stopping(Instant now);          // no more requests; answers to those in flight still count

  // The next action to perform, if any. Call until empty after every fact.
  std::optional<Action> next_action();

  // When to call timer() next; nothing while an answer or a load is awaited and nothing is due.
  std::optional<Instant> next_wakeup() const { return wakeup_; }

 private:
  enum class Purpose : std::uint8_t {
    Deliver,
    Probe,        // one entry, while blocked or as a witness
    AskConflict,  // a look-up: the one key was refused as known
    ReadBack,     // a look-up of the first key, before the keys are halved
  };

  struct Flight {
    BatchId batch = 0;
    std::vector<Key> keys;  // ascending
    Purpose purpose = Purpose::Deliver;

    bool is_look_up() const {
      return purpose == Purpose::AskConflict || purpose == Purpose::ReadBack;
    }
  };

  // What an outcome says of each entry of its batch.
  struct Settlement {
    std::vector<Key> removed{};
    std::vector<Key> buried{};
    std::vector<Key> damaged{};  // never sent, and not to be
    std::vector<Key> open{};     // neither, and to be sent again
    std::size_t unsent = 0;      // of those, never sent
  };

  // engine_outcome.cpp: what an answer means.
  std::optional<Flight> take_flight(BatchId batch);
  static Settlement settlement_of(const Flight& flight, const Outcome& outcome);
  void judge(const Flight& flight, Verdict verdict, const Outcome& outcome, Instant now);
  void settle(const Flight& flight, const Outcome& outcome, Instant now);
  void passed(std::size_t count, Instant now);
  void judged();
  void begin_outage(const Flight& flight, const Outcome& outcome, Instant now);
  void slow_down(const Flight& flight, const Outcome& outcome, Instant now);
  void hold_back(const Flight& flight, const Outcome& outcome, Instant now);
  void begin_block(BlockCause cause, const Flight& flight, const Outcome& outcome, Instant now);
  void lift_block();
  void defer(std::vector<Key> keys, Instant until);
  void bury(Key key, BurialReason reason, int status);
  void raise_outage(const Outcome& outcome);
  void clear_outage();
  Duration retry_delay(std::uint32_t failures, const Outcome& outcome);
  Duration probe_delay(const Outcome& outcome);

  // engine_isolation.cpp: which entry is the reason.
  void isolate_failure(const Flight& flight, Verdict verdict, const Outcome& outcome, Instant now);
  void isolate_refusal(const Flight& flight, BurialReason reason, const Outcome& outcome,
                       Instant now);
  void isolate_forbidden(const Flight& flight, const Outcome& outcome, Instant now);
  void isolate_conflict(const Flight& flight);
  void isolate_too_large(const Flight& flight, const Outcome& outcome, Instant now);
  void divide(const Flight& flight);
  void halve(std::span<const Key> keys);

  // engine_look_up.cpp: whether the next hop has an entry already.
  void look_up(std::vector<Key> keys, Purpose purpose);
  void look_up_failed(const Flight& flight, Verdict verdict, const Outcome& outcome, Instant now);
  void conflict_looked_up(Key key, Found found, Instant now);
  void read_back(const std::vector<Key>& keys, Found found, Instant now);
  void already_there(Key key, bool verified, Instant now);

  // engine.cpp: what to do next.
  void notice_clock(Instant now);
  bool take_in(Entry entry, Instant now);
  void advance(Instant now);
  void look_for_load(Instant now);
  void look_for_batch(Instant now);
  void look_for_probe(Instant now);
  bool look_for_witness(Instant now);
  bool worth_looking(Instant now) const;
  std::size_t batch_bytes_max(Instant now);
  void take_out(std::span<const Key> keys);
  void ask(Action action);
  void send(std::vector<Key> keys, Purpose purpose);
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
  std::uint32_t failures_ = 0;          // in a row, without an answer that judged statements
  bool stored_since_start_ = false;     // until then, entries remember an earlier run's failures
  std::optional<Instant> retry_at_;     // nothing is sent before
  std::optional<Instant> asked_until_;  // the part of retry_at_ that the next hop asked for
  std::optional<Instant> deferred_until_max_;  // since online(): no deferral lasts longer
  Duration pace_;                              // from an answer to the next batch

  bool blocked_ = false;
  BlockCause block_cause_ = BlockCause::Endpoint;
  std::uint32_t probes_ = 0;  // without success
  std::vector<Key> probed_;   // since an entry was stored
  // An entry has failed alone, so whether others pass must be found out; after many times, if need
  // be out of their lane's order.
  std::optional<Candidates> witness_wanted_;
  std::size_t batch_count_cap_;  // doubled by each batch that is stored

  // Learned from 413: a batch of more was too large.
  std::size_t batch_bytes_cap_;
  Instant batch_bytes_cap_until_;

  Isolation isolation_;
  std::uint64_t stored_ = 0;         // entries, in this run
  std::vector<Key> refused_in_row_;  // alone, different ones, with none stored since
  std::vector<Key> forbidden_;       // alone, with none stored since: the key, or they
  std::uint32_t forbidden_in_row_ = 0;
  bool isolate_anyway_ = false;
};

}  // namespace waypost::delivery
