#pragma once

#include <map>
#include <set>

#include "harness.hpp"
#include "waypost/random.hpp"

namespace waypost::relay::contract {

BOOST_AUTO_TEST_SUITE(store_model)

// The same as the store, the plain way, in memory: what must come out of it.
struct Model {
  struct Waiting {
    std::uint32_t number = 0;
    std::uint32_t attempts = 0;
    Instant next_at;
  };

  struct Place {
    std::map<Key, Waiting> queue;                  // what waits
    std::map<DeadLetterId, std::uint32_t> graves;  // numbers of entries
    Ledger ledger;                                 // its counters
    Key held_through = 0;
    std::optional<delivery::BlockCause> blocked;
  };

  std::set<std::uint32_t> known;          // numbers of entries
  std::map<DestinationId, Place> places;  // in the order in which they were configured
};

// Random commits on one organisation, each mirrored in the model and compared with it.
template <typename Backend>
class ModelRun {
 public:
  explicit ModelRun(std::uint64_t seed) : random_(seed) {
    organisation_ = on_.destination("school", "https://0.example/").organisation;
    add_destination();
  }

  void step() {
    const std::int64_t dice = random_.up_to(99);
    if (dice == 0 && model_.places.size() < 3) add_destination();
    if (dice == 1) on_.reopen();
    if (dice == 2) move_destination();
    if (dice >= 3 && dice < 6) release();
    if (dice >= 6 && dice < 12) replay();
    if (dice >= 12 && dice < 15) discard();
    if (dice >= 15 && dice < 18) mend();
    commit();
    for (const auto& [destination, place] : model_.places) compare(destination, place);
  }

 private:
  void add_destination() {
    const std::string url = "https://" + std::to_string(model_.places.size()) + ".example/";
    model_.places[on_.destination("school", url).destination] = {};
  }

  // To another URL, or to another key.
  void move_destination() {
    const auto which = static_cast<std::size_t>(random_.up_to(on_.names.size() - 1));
    DestinationName& name = on_.names.at(which);
    const bool is_known = !name.credential.empty();
    const bool by_url = random_.up_to(1) == 0;
    (by_url ? name.url : name.credential) += "x";
    const RegisteredDestination registered = on_.registered().at(which);
    Model::Place& place = model_.places.at(registered.ids.destination);
    if (by_url || is_known) {
      place.held_through = place.queue.empty() ? 0 : last_key_;
      place.blocked.reset();
    }
    if (held(place) == 0) place.held_through = 0;
    BOOST_TEST(registered.held_through == place.held_through);
    BOOST_TEST((registered.blocked == place.blocked));
  }

  void release() {
    auto& [destination, place] = some_place();
    const std::int64_t released = checked(on_.store->release(destination, kOrder));
    BOOST_TEST(released == held(place));
    place.held_through = 0;
  }

  auto& some_place() {
    const auto steps = random_.up_to(model_.places.size() - 1);
    return *std::next(model_.places.begin(), steps);
  }

  // Some of one destination's: their numbers have no gaps that others fill.
  DeadLetterFilter filter() {
    const auto& [destination, place] = some_place();
    const std::size_t index = place_of(destination);
    DeadLetterFilter made{.organisation = "school", .url = on_.names.at(index).url};
    if (!place.graves.empty() && random_.up_to(1) == 0) {
      made.first = place.graves.begin()->first + random_.up_to(3);
    }
    return made;
  }

  std::size_t place_of(DestinationId destination) {
    const auto all = on_.registered();
    const auto found = std::find_if(all.begin(), all.end(), [&](const auto& registered) {
      return registered.ids.destination == destination;
    });
    return static_cast<std::size_t>(found - all.begin());
  }

  Model::Place& place_with(const DeadLetterFilter& chosen) {
    const auto name = std::find_if(on_.names.begin(), on_.names.end(),
                                   [&](const auto& known) { return known.url == chosen.url; });
    const auto index = static_cast<std::size_t>(name - on_.names.begin());
    return model_.places.at(on_.registered().at(index).ids.destination);
  }

  // The numbers of the next dead letters that fit, which leave the model.
  std::vector<std::uint32_t> exhumed(Model::Place& place, const DeadLetterFilter& chosen,
                                     std::size_t count_max) {
    std::vector<std::uint32_t> numbers;
    for (auto at = place.graves.lower_bound(chosen.first);
         at != place.graves.end() && numbers.size() < count_max;) {
      numbers.push_back(at->second);
      at = place.graves.erase(at);
    }
    return numbers;
  }

  void replay() {
    const DeadLetterFilter chosen = filter();
    const auto count_max = static_cast<std::size_t>(random_.up_to(6));
    const Replay replayed = checked(on_.dead_letters().replay(chosen, count_max, kOrder));
    Model::Place& place = place_with(chosen);
    const auto expected = exhumed(place, chosen, count_max);
    BOOST_REQUIRE(replayed.entries.size() == expected.size());
    BOOST_TEST(replayed.already_waiting == 0);
    for (std::size_t i = 0; i < expected.size(); ++i) {
      wait_again(place, replayed.entries[i], expected[i]);
    }
  }

  void wait_again(Model::Place& place, const ReplayedEntry& entry, std::uint32_t number) {
    BOOST_TEST((entry.id == contents_.at(number).id));
    BOOST_TEST(entry.key > last_key_);
    last_key_ = entry.key;
    place.queue[entry.key] = {.number = number, .attempts = 0, .next_at = {}};
  }

  void discard() {
    const DeadLetterFilter chosen = filter();
    const auto count_max = static_cast<std::size_t>(random_.up_to(2));
    const Discard done = checked(on_.dead_letters().discard(chosen, count_max, kOrder));
    Model::Place& place = place_with(chosen);
    const auto expected = static_cast<std::int64_t>(exhumed(place, chosen, count_max).size());
    BOOST_TEST(done.discarded == expected);
    place.ledger.discarded += expected;
  }

  void mend() {
    auto& [destination, place] = some_place();
    if (place.graves.empty()) return;
    const auto grave = place.graves.begin();
    const NewEntry mended = entry(number());
    const bool is_known = model_.known.contains(number_of(mended));
    const Mend done = checked(on_.dead_letters().mend(grave->first, mended, kOrder));
    BOOST_TEST((done.answer == (is_known ? MendAnswer::Conflict : MendAnswer::Mended)));
    if (is_known) return;
    model_.known.insert(number_of(mended));
    contents_[number_of(mended)] = mended;
    place.graves.erase(grave);
    ++place.ledger.accepted;
    ++place.ledger.discarded;
    wait_again(place, done.entry, number_of(mended));
  }

  static std::int64_t held(const Model::Place& place) {
    const auto first_free = place.queue.upper_bound(place.held_through);
    return std::distance(place.queue.begin(), first_free);
  }

  void commit() {
    std::vector<AppendRequest> appends;
    for (std::int64_t count = random_.up_to(2); count > 0; --count) appends.push_back(request());
    std::vector<Settlement> settlements;
    for (const auto& [destination, place] : model_.places) {
      if (random_.up_to(1) == 0) settlements.push_back(settlement(destination, place.queue));
    }
    const auto outcomes = checked(on_.store->commit(appends, settlements, kNow));
    for (std::size_t i = 0; i < appends.size(); ++i) mirror(appends[i], checked(outcomes.at(i)));
    for (const Settlement& settlement : settlements) mirror(settlement);
  }

  AppendRequest request() {
    const bool is_atomic = random_.up_to(1) == 0;
    AppendRequest made{
        organisation_, is_atomic ? Atomicity::AllOrNothing : Atomicity::PerEntry, {}, kNow};
    for (std::int64_t count = random_.up_to(8); count >= 0; --count) {
      const NewEntry some = entry(number());
      const std::int64_t dice = random_.up_to(19);
      made.entries.push_back(dice == 0 ? contradicted(some) : dice == 1 ? reworded(some) : some);
    }
    return made;
  }

  // Mostly a new one, at times one that may be known.
  std::uint32_t number() {
    if (random_.up_to(4) > 0) return ++newest_;
    return static_cast<std::uint32_t>(random_.up_to(newest_));
  }

  Settlement settlement(DestinationId destination, const std::map<Key, Model::Waiting>& queue) {
    Settlement made{.destination = destination};
    const std::int64_t odds = random_.up_to(5);
    std::int64_t window = random_.up_to(40);
    for (const auto& [key, waiting] : queue) {
      if (window-- <= 0) break;
      const std::int64_t dice = random_.up_to(5);
      if (dice < odds) made.delivered.push_back(key);
      if (dice == 5) made.deferred.push_back({key, kNow + Duration{random_.up_to(1000)}});
      const std::int64_t fate = random_.up_to(15);
      if (fate == 0) made.already_there.push_back(key);
      if (fate == 1) made.buried.push_back({.key = key, .status = 400, .words = "no", .at = kNow});
    }
    if (random_.up_to(9) == 0) made.block = BlockNote{delivery::BlockCause::Endpoint};
    if (random_.up_to(9) == 0) made.block = BlockNote{};
    if (random_.up_to(3) == 0) made.delivered.push_back(random_.up_to(1'000'000));  // stray
    // Settled before, mostly.
    for (std::int64_t again = random_.up_to(3); again > 0; --again) {
      made.delivered.push_back(last_key_ - random_.up_to(60));
    }
    return made;
  }

  void mirror(const AppendRequest& request, const AppendOutcome& outcome) {
    const auto before = model_.known;
    Results expected;
    for (const NewEntry& added : request.entries) expected.push_back(expect(added));
    const bool conflict = std::count(expected.begin(), expected.end(), AppendResult::Conflict) > 0;
    const bool refused = conflict && request.atomicity == Atomicity::AllOrNothing;
    BOOST_TEST(outcome.appended == !refused);
    BOOST_TEST(outcome.results == expected);
    if (refused) model_.known = before;
    for (std::size_t i = 0; i < expected.size(); ++i) {
      const bool has_key = !refused && expected[i] == AppendResult::Accepted;
      BOOST_TEST((outcome.keys.at(i) != 0) == has_key);
      if (has_key) enqueue(outcome.keys[i], number_of(request.entries[i]));
    }
  }

  AppendResult expect(const NewEntry& added) {
    const std::uint32_t number = number_of(added);
    const auto content = contents_.find(number);
    if (!model_.known.contains(number)) {
      model_.known.insert(number);
      contents_[number] = added;
      return AppendResult::Accepted;
    }
    const bool is_same = content->second.fingerprint == added.fingerprint ||
                         content->second.meaning == added.meaning;
    return is_same ? AppendResult::Duplicate : AppendResult::Conflict;
  }

  void enqueue(Key key, std::uint32_t number) {
    BOOST_TEST(key > last_key_);
    last_key_ = key;
    for (auto& [destination, place] : model_.places) {
      place.queue[key] = {.number = number, .attempts = 0, .next_at = {}};
      ++place.ledger.accepted;
    }
  }

  void mirror(const Settlement& settlement) {
    Model::Place& place = model_.places[settlement.destination];
    auto& queue = place.queue;
    for (const Key key : settlement.delivered) {
      place.ledger.delivered += static_cast<std::int64_t>(queue.erase(key));
    }
    for (const Key key : settlement.already_there) {
      place.ledger.already_there += static_cast<std::int64_t>(queue.erase(key));
    }
    for (const Burial& burial : settlement.buried) {
      const auto found = queue.find(burial.key);
      if (found == queue.end()) continue;
      place.graves[++last_grave_] = found->second.number;
      queue.erase(found);
    }
    if (settlement.block) place.blocked = settlement.block->cause;
    for (const Deferral& deferral : settlement.deferred) {
      const auto found = queue.find(deferral.key);
      if (found == queue.end()) continue;
      ++found->second.attempts;
      found->second.next_at = deferral.until;
    }
  }

  void compare(DestinationId destination, const Model::Place& place) {
    compare_ledger(destination, place);
    compare_graves(destination, place);
    const auto found = on_.load_all(destination, 17);
    auto next = place.queue.upper_bound(place.held_through);
    BOOST_REQUIRE(static_cast<std::int64_t>(found.size()) ==
                  std::distance(next, place.queue.end()));
    Keys keys;
    std::vector<std::string> expected;
    for (const WaitingEntry& waiting : found) {
      const auto& [key, model] = *next++;
      BOOST_TEST(waiting.key == key);
      BOOST_TEST(waiting.attempts == model.attempts);
      BOOST_TEST(waiting.next_at.ms == model.next_at.ms);
      keys.push_back(key);
      expected.push_back(contents_.at(model.number).bytes);
    }
    BOOST_TEST(on_.bodies(destination, keys) == expected);
  }

  void compare_ledger(DestinationId destination, const Model::Place& place) {
    const Ledger ledger = on_.ledger(destination);
    BOOST_TEST(ledger.accepted == place.ledger.accepted);
    BOOST_TEST(ledger.delivered == place.ledger.delivered);
    BOOST_TEST(ledger.already_there == place.ledger.already_there);
    BOOST_TEST(ledger.discarded == place.ledger.discarded);
    BOOST_TEST(ledger.dead_letters == static_cast<std::int64_t>(place.graves.size()));
    BOOST_TEST(ledger.waiting == static_cast<std::int64_t>(place.queue.size()));
    BOOST_TEST(ledger.held == held(place));
    BOOST_TEST(ledger.queue_bytes == queue_bytes());
    BOOST_TEST(ledger.oldest_waiting.has_value() == !place.queue.empty());
  }

  // Of what waits anywhere, once.
  std::int64_t queue_bytes() {
    std::map<Key, std::uint32_t> all;
    for (const auto& [destination, place] : model_.places) {
      for (const auto& [key, waiting] : place.queue) all[key] = waiting.number;
    }
    std::int64_t bytes = 0;
    for (const auto& [key, number] : all) {
      bytes += static_cast<std::int64_t>(contents_.at(number).bytes.size());
    }
    return bytes;
  }

  void compare_graves(DestinationId destination, const Model::Place& place) {
    std::vector<DeadLetterId> ids;
    std::vector<std::string> expected;
    for (const auto& [id, number] : place.graves) {
      ids.push_back(id);
      expected.push_back(contents_.at(number).bytes);
    }
    std::vector<std::string> found;
    for (WholeDeadLetter& whole : checked(on_.dead_letters().read(ids))) {
      BOOST_TEST(whole.letter.ids.destination == destination);
      found.push_back(std::move(whole.statement));
    }
    BOOST_TEST(found == expected);
  }

  static std::uint32_t number_of(const NewEntry& added) {
    std::uint32_t number = 0;
    for (std::size_t i = 4; i > 0; --i) number = number << 8 | added.id.bytes.at(i - 1);
    return number;
  }

  Harness<Backend> on_;
  Random random_;
  Model model_;
  OrganisationId organisation_ = 0;
  std::uint32_t newest_ = 0;
  Key last_key_ = 0;
  DeadLetterId last_grave_ = 0;
  std::map<std::uint32_t, NewEntry> contents_;
};

BOOST_AUTO_TEST_CASE_TEMPLATE(agrees_with_a_plain_model, Backend, StoreBackends) {
  for (std::uint64_t seed = 1; seed <= 12; ++seed) {
    BOOST_TEST_CONTEXT("seed " << seed) {
      ModelRun<Backend> run(seed);
      for (int step = 0; step < 150; ++step) run.step();
    }
  }
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace waypost::relay::contract
