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

  std::set<std::uint32_t> known;                           // numbers of entries
  std::map<DestinationId, std::map<Key, Waiting>> queues;  // what waits for each
  std::map<DestinationId, std::int64_t> accepted;
  std::map<DestinationId, std::int64_t> delivered;
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
    if (dice == 0 && model_.queues.size() < 3) add_destination();
    if (dice == 1) on_.reopen();
    commit();
    for (const auto& [destination, queue] : model_.queues) compare(destination, queue);
  }

 private:
  void add_destination() {
    const std::string url = "https://" + std::to_string(model_.queues.size()) + ".example/";
    model_.queues[on_.destination("school", url).destination] = {};
  }

  void commit() {
    std::vector<AppendRequest> appends;
    for (std::int64_t count = random_.up_to(2); count > 0; --count) appends.push_back(request());
    std::vector<Settlement> settlements;
    for (const auto& [destination, queue] : model_.queues) {
      if (random_.up_to(1) == 0) settlements.push_back(settlement(destination, queue));
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
    Settlement made{.destination = destination, .delivered = {}, .deferred = {}};
    const std::int64_t odds = random_.up_to(5);
    std::int64_t window = random_.up_to(40);
    for (const auto& [key, waiting] : queue) {
      if (window-- <= 0) break;
      const std::int64_t dice = random_.up_to(5);
      if (dice < odds) made.delivered.push_back(key);
      if (dice == 5) made.deferred.push_back({key, kNow + Duration{random_.up_to(1000)}});
    }
    if (random_.up_to(3) == 0) made.delivered.push_back(random_.up_to(1'000'000));  // stray
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
    for (auto& [destination, queue] : model_.queues) {
      BOOST_TEST((queue.empty() || queue.rbegin()->first < key));
      queue[key] = {.number = number, .attempts = 0, .next_at = {}};
      ++model_.accepted[destination];
    }
  }

  void mirror(const Settlement& settlement) {
    auto& queue = model_.queues[settlement.destination];
    for (const Key key : settlement.delivered) {
      model_.delivered[settlement.destination] += static_cast<std::int64_t>(queue.erase(key));
    }
    for (const Deferral& deferral : settlement.deferred) {
      const auto found = queue.find(deferral.key);
      if (found == queue.end()) continue;
      ++found->second.attempts;
      found->second.next_at = deferral.until;
    }
  }

  void compare(DestinationId destination, const std::map<Key, Model::Waiting>& queue) {
    on_.check_ledger(destination, model_.accepted[destination], model_.delivered[destination]);
    const auto found = on_.load_all(destination, 17);
    BOOST_REQUIRE(found.size() == queue.size());
    Keys keys;
    std::vector<std::string> expected;
    auto next = queue.begin();
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
  std::map<std::uint32_t, NewEntry> contents_;
};

BOOST_AUTO_TEST_CASE_TEMPLATE(agrees_with_a_plain_model, Backend, StoreBackends) {
  for (const std::uint64_t seed : {1U, 2U, 3U, 4U}) {
    BOOST_TEST_CONTEXT("seed " << seed) {
      ModelRun<Backend> run(seed);
      for (int step = 0; step < 150; ++step) run.step();
    }
  }
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace waypost::relay::contract
