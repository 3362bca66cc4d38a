#include "proxy/forwarder/destination_sender.hpp"

#include <algorithm>
#include <memory>
#include <utility>
#include <variant>

#include "proxy/operations/clock.hpp"

namespace waypost::relay {

using delivery::Extent;
using delivery::Outcome;

DestinationSender::DestinationSender(ForwarderDestination destination, const Limits& limits,
                                     Surroundings& surroundings)
    : destination_(std::move(destination)),
      limits_(limits),
      surroundings_(surroundings),
      lease_(destination_.ids.destination, surroundings),
      settlements_(destination_.ids.destination, surroundings),
      cache_(limits.cache_bytes_max) {
  complete(destination_.delivery);
}

void DestinationSender::complete(delivery::Settings& settings) const {
  settings.hop = delivery::Hop::Lrs;
  settings.window_count_max = limits_.window_count_max;
}

void DestinationSender::take_settings(const ForwarderDestination& destination) {
  destination_.endpoint = destination.endpoint;
  destination_.version = destination.version;
  destination_.delivery = destination.delivery;
  complete(destination_.delivery);
}

void DestinationSender::settings_changed(const ForwarderDestination& destination, Instant now) {
  take_settings(destination);
  if (!engine_ || stopping_) return;
  engine_->settings_changed(destination_.delivery, now);
  perform();
}

void DestinationSender::readdress(const ForwarderDestination& destination, Instant now) {
  if (stopping_) return;
  take_settings(destination);
  // Noted again, since a block of the former address may have been noted after the change.
  if (std::exchange(destination_.blocked, std::nullopt)) settlements_.blocked(std::nullopt);
  in_outage_ = false;
  surroundings_.observer.readdressed(destination_.ids.destination);
  // Bodies that are held would only take room; words were of another LRS.
  cache_ = BodyCache(limits_.cache_bytes_max);
  last_words_ = {};
  in_flight_elsewhere_ = in_flight_;
  first_run_here_ = run_ + 1;
  if (engine_) begin(now);
}

void DestinationSender::committed(const CommittedEntry& entry, const SharedBody& body,
                                  Instant now) {
  if (!engine_) return;  // whoever gets the lease finds it in the store
  const bool taken = engine_->enqueued({.key = entry.key,
                                        .group = {},
                                        .lane = entry.lane,
                                        .bytes = entry.bytes,
                                        .attempts = 0,
                                        .next_at = {}},
                                       now);
  // What is loaded later brings its body along.
  if (taken && body) cache_.insert(entry.key, entry.id, body);
  perform();
}

// What is in flight comes back to an engine that is gone: stored, it counts, and else it waits.
void DestinationSender::reload(Instant now) {
  reload_wanted_ = in_flight_elsewhere_ > 0;
  if (engine_ && !stopping_ && !reload_wanted_) begin(now);
}

void DestinationSender::tick(Instant now) {
  settlements_.tick(now);
  if (stopping_) return;
  lease_.tick(now, [this] { tick(system_now()); });
  if (lease_.held(now)) {
    if (!engine_ && in_flight_elsewhere_ == 0) begin(now);
  } else if (engine_) {
    end();
  }
  if (!engine_) return;
  const auto wakeup = engine_->next_wakeup();
  if (!wakeup || now < *wakeup) return;
  engine_->timer(now);
  perform();
}

std::optional<Instant> DestinationSender::next_wakeup() const {
  std::optional<Instant> at = settlements_.next_wakeup();
  if (stopping_) return at;
  const auto sooner = [&at](std::optional<Instant> other) {
    if (other && (!at || *other < *at)) at = other;
  };
  sooner(lease_.next_wakeup());
  if (engine_) sooner(engine_->next_wakeup());
  return at;
}

void DestinationSender::isolate_anyway(Instant now) {
  if (!engine_) return;
  engine_->isolate_anyway(now);
  perform();
}

void DestinationSender::stop(Instant now) {
  stopping_ = true;
  if (!engine_) return;
  engine_->stopping(now);
  perform();
}

void DestinationSender::begin(Instant now) {
  ++run_;
  if (std::exchange(in_outage_, false)) {
    // The new engine finds out for itself.
    surroundings_.observer.condition_changed(
        destination(), {.condition = delivery::Condition::Outage, .raised = false});
  }
  damage_.clear();
  engine_.emplace(destination_.delivery, limits_.seed + run_);
  engine_->started(now, destination_.blocked);
  perform();
}

void DestinationSender::end() {
  trouble("the lease of this destination is lost");
  engine_.reset();
  cache_ = BodyCache(limits_.cache_bytes_max);
}

void DestinationSender::perform() {
  while (auto action = engine_->next_action()) {
    std::visit([this](auto& one) { act(one); }, *action);
  }
}

void DestinationSender::act(delivery::Remove& removal) {
  for (const Key key : removal.keys) cache_.remove(key);
  settlements_.delivered(std::move(removal.keys));
}

void DestinationSender::act(const delivery::Defer& deferral) {
  settlements_.deferred(deferral.keys, deferral.until);
}

void DestinationSender::act(const delivery::Bury& burial) {
  cache_.remove(burial.key);
  const auto damage = damage_.extract(burial.key);
  settlements_.buried({.key = burial.key,
                       .reason = burial.reason,
                       .status = burial.status,
                       .words = damage ? damage.mapped() : last_words_.of(burial.key),
                       .attempts = burial.attempts,
                       .at = system_now()});
}

void DestinationSender::act(const delivery::AlreadyThere& there) {
  cache_.remove(there.key);
  settlements_.already_there(there.key);
}

void DestinationSender::act(const delivery::Report& report) {
  if (report.condition == delivery::Condition::Blocked) {
    const auto cause = report.raised ? std::optional(report.cause) : std::nullopt;
    // A block of the last run is on disk already.
    if (cause != destination_.blocked) settlements_.blocked(cause);
    destination_.blocked = cause;
  } else {
    in_outage_ = report.raised;
  }
  surroundings_.observer.condition_changed(destination(), report);
}

void DestinationSender::act(const delivery::Load& order) {
  const bool asked = surroundings_.commits.run([this, order, run = run_, room = cache_.room(),
                                                destination = destination(),
                                                mailbox = surroundings_.mailbox](Store& store) {
    // One more than asked for tells whether more are left.
    auto result = store.load(destination, order.after_key, order.count_max + 1);
    ReadBodies read;
    if (result.value) read = read_bodies(store, destination, keys_fitting(*result.value, room));
    mailbox->post([this, order, run, result = std::move(result), read = std::move(read)]() mutable {
      loaded(run, order.count_max, result, std::move(read));
    });
  });
  if (!asked) trouble("the store is stopping");
}

void DestinationSender::loaded(std::uint64_t run, std::size_t count_max,
                               const StoreResult<std::vector<WaitingEntry>>& result,
                               ReadBodies read) {
  if (!engine_ || run != run_) return;
  for (Body& body : read.bodies) {
    cache_.insert(body.key, body.id, std::make_shared<const std::string>(std::move(body.bytes)));
  }
  std::vector<delivery::Entry> entries;
  bool more = true;
  if (result.value) {
    more = result.value->size() > count_max;
    entries.reserve(result.value->size());
    for (const WaitingEntry& waiting : *result.value) {
      if (entries.size() == count_max) break;
      entries.push_back({.key = waiting.key,
                         .group = {},
                         .lane = waiting.lane,
                         .bytes = waiting.bytes,
                         .attempts = waiting.attempts,
                         .next_at = waiting.next_at});
    }
  } else {
    trouble("load: " + result.error.message);
  }
  const Instant now = system_now();
  engine_->loaded(std::move(entries), more, now);
  perform();
}

void DestinationSender::act(delivery::Send& order) {
  Batch batch;
  batch.run = run_;
  batch.order = std::move(order);
  std::vector<Key> missing = keys_not_cached(cache_, batch.order.keys);
  if (missing.empty()) return post(std::move(batch), {});
  const bool asked = surroundings_.commits.run(
      [this, missing = std::move(missing), batch = std::make_shared<Batch>(std::move(batch)),
       destination = destination(), mailbox = surroundings_.mailbox](Store& store) {
        auto read = std::make_shared<ReadBodies>(read_bodies(store, destination, missing));
        mailbox->post([this, batch, read] { bodies_read(std::move(*batch), std::move(*read)); });
      });
  if (!asked) trouble("the store is stopping");
}

void DestinationSender::bodies_read(Batch batch, ReadBodies read) {
  if (!read.trouble.empty()) trouble("read: " + read.trouble);
  batch.unreadable = std::move(read.unreadable);
  for (auto& [key, damage] : read.damaged) {
    batch.damaged.push_back(key);
    damage_[key] = std::move(damage);
  }
  const bool wanted = !stopping_ && engine_ && batch.run == run_;
  if (wanted) post(std::move(batch), read.bodies);
}

void DestinationSender::post(Batch batch, const std::vector<Body>& read) {
  AssembledBatch assembled = assemble(batch.order.keys, cache_, read);
  batch.sent = std::move(assembled.keys);
  batch.bytes = assembled.batch.body.size();
  if (batch.sent.empty()) {
    Outcome outcome;
    outcome.status = 200;
    outcome.extent = Extent::Whole;  // all have left the queue, or are marked as unsent
    return conclude(batch, outcome);
  }
  batch.url = destination_.endpoint.url;
  ++in_flight_;
  surroundings_.client.post(
      destination_.endpoint, std::move(assembled.batch),
      [this, batch = std::move(batch)](const LrsAnswer& answer) { answered(batch, answer); });
}

void DestinationSender::answered(const Batch& batch, const LrsAnswer& answer) {
  surroundings_.observer.attempted({.destination = destination_.ids.destination,
                                    .url = batch.url,
                                    .statements = batch.sent.size(),
                                    .bytes = batch.bytes,
                                    .probe = batch.order.probe,
                                    .outcome = answer.outcome,
                                    .answer_text = answer.text,
                                    .took = answer.took,
                                    .certificate_ends = answer.certificate_ends});
  const bool is_from_here = batch.run >= first_run_here_;
  if (is_from_here && answer.outcome.extent == Extent::None && batch.sent.size() == 1) {
    last_words_.remember(batch.sent.front(), answer.text);
  }
  conclude(batch, answer.outcome);
  count_answer(batch);
}

void DestinationSender::count_answer(const Batch& batch) {
  --in_flight_;
  if (batch.run >= first_run_here_) return;
  --in_flight_elsewhere_;
  if (reload_wanted_) reload(system_now());
}

void DestinationSender::act(const delivery::LookUp& order) {
  if (const BodyCache::Cached* cached = cache_.find(order.key); cached != nullptr) {
    ReadBodies read;
    read.bodies.push_back({order.key, cached->id, *cached->body});
    return look_up(run_, order, read);
  }
  const bool asked =
      surroundings_.commits.run([this, order, run = run_, destination = destination(),
                                 mailbox = surroundings_.mailbox](Store& store) {
        auto read = std::make_shared<ReadBodies>(read_bodies(store, destination, {&order.key, 1}));
        mailbox->post([this, run, order, read] { look_up(run, order, *read); });
      });
  if (!asked) trouble("the store is stopping");
}

void DestinationSender::look_up(std::uint64_t run, const delivery::LookUp& order,
                                const ReadBodies& read) {
  if (stopping_ || !engine_ || run != run_) return;
  if (!read.trouble.empty()) trouble("read: " + read.trouble);
  if (read.bodies.empty()) {
    // It has left the queue; or cannot be compared any more; or not now, and is tried again later.
    LookUpAnswer answer;
    if (read.unreadable.empty()) answer.found = delivery::Found::Equal;
    if (!read.damaged.empty()) answer.found = delivery::Found::Unreadable;
    answer.last.outcome.failure = delivery::Failure::Network;
    return looked_up(run, order.request, answer);
  }
  const Body& body = read.bodies.front();
  relay::look_up(surroundings_.client, destination_.endpoint,
                 {body.id, body.bytes, destination_.version},
                 [this, run, request = order.request](const LookUpAnswer& answer) {
                   looked_up(run, request, answer);
                 });
}

void DestinationSender::looked_up(std::uint64_t run, delivery::BatchId request,
                                  const LookUpAnswer& answer) {
  if (!engine_ || run != run_) return;
  const Instant now = system_now();
  if (answer.found) {
    engine_->looked_up(request, *answer.found, now);
  } else {
    engine_->outcome(request, answer.last.outcome, now);
  }
  perform();
}

delivery::EntryAnswer DestinationSender::answer_to(const Batch& batch, Key key) {
  const auto is_among = [key](const std::vector<Key>& keys) {
    return std::binary_search(keys.begin(), keys.end(), key);
  };
  if (is_among(batch.damaged)) return delivery::EntryAnswer::Damaged;
  return is_among(batch.unreadable) ? delivery::EntryAnswer::Unsent : delivery::EntryAnswer::Stored;
}

void DestinationSender::conclude(const Batch& batch, Outcome outcome) {
  const bool is_stored = outcome.extent == Extent::Whole;
  if (is_stored && !(batch.unreadable.empty() && batch.damaged.empty())) {
    // These never left.
    outcome.extent = Extent::PerEntry;
    for (const Key key : batch.order.keys) outcome.results.push_back({key, answer_to(batch, key)});
  }
  if (engine_ && batch.run == run_) {
    const Instant now = system_now();
    engine_->outcome(batch.order.batch, outcome, now);
    perform();
  } else if (is_stored) {
    // The lease went meanwhile, or the address; what is stored is stored all the same.
    settlements_.delivered(batch.sent);
  }
}

void DestinationSender::trouble(std::string_view message) {
  surroundings_.observer.trouble(destination_.ids.destination, message);
}

}  // namespace waypost::relay
