#include "proxy/alerts/alert_sampler.hpp"

#include <future>
#include <memory>
#include <mutex>
#include <set>
#include <string>

#include <boost/test/unit_test.hpp>

#include "proxy/faulty_store.hpp"
#include "proxy/operations/clock.hpp"
#include "proxy/store/group_commit.hpp"
#include "proxy/store/sqlite_store.hpp"
#include "proxy/temporary_folder.hpp"

namespace {

using namespace waypost;
using namespace waypost::relay;

const std::string kUrl = "https://lrs.example/";

// What stands by the facts alone.
class Recorder final : public AlertFacts {
 public:
  void began(const AlertKey& key, const AlertDetails& details) override {
    const std::lock_guard lock(mutex_);
    standing_.insert(std::string(word(key.kind)));
    if (key.kind == AlertKind::QueueHeld) held_ = details.amount;
    // Where the disk is full there is one alert more, of the machine and not of the test.
    standing_.erase("disk-filling");
  }

  void ended(const AlertKey& key, const AlertDetails& /*details*/) override {
    const std::lock_guard lock(mutex_);
    standing_.erase(std::string(word(key.kind)));
  }

  void buried(const AlertKey& /*key*/, std::string_view /*reason*/,
              std::uint64_t /*count*/) override {}

  std::set<std::string> standing() const {
    const std::lock_guard lock(mutex_);
    return standing_;
  }

  std::int64_t held() const {
    const std::lock_guard lock(mutex_);
    return held_;
  }

 private:
  mutable std::mutex mutex_;
  std::set<std::string> standing_;
  std::int64_t held_ = 0;
};

// A store whose ledger says what a test wants it to.
class CookedBooks final : public tests::FaultyStore {
 public:
  CookedBooks(std::unique_ptr<Store> store, std::shared_ptr<Ledger> ledger)
      : FaultyStore(std::move(store), std::make_shared<tests::StoreFaults>()),
        ledger_(std::move(ledger)) {}

  StoreResult<Ledger> ledger(DestinationId /*destination*/) override { return {*ledger_, {}}; }

 private:
  std::shared_ptr<Ledger> ledger_;
};

struct Sampling {
  TemporaryFolder folder;
  std::shared_ptr<Ledger> ledger = std::make_shared<Ledger>();
  std::vector<DestinationLabels> labels{{1, 1, "school", kUrl}};
  GroupCommit commits{std::make_unique<CookedBooks>(
                          std::move(*SqliteStore::create(folder.path() / "store").value), ledger),
                      system_now};
  Metrics metrics{{"school"}, labels};
  Recorder facts;
  DestinationDirectory destinations{labels};
  AlertSampler sampler{destinations, folder.path(), commits, facts, metrics};

  // What stands after one look.
  std::set<std::string> sample() {
    sampler.sample();
    std::promise<void> looked;
    BOOST_REQUIRE(commits.run([&](Store&) { looked.set_value(); }));
    looked.get_future().get();
    return facts.standing();
  }
};

using Alerts = std::set<std::string>;

}  // namespace

BOOST_AUTO_TEST_SUITE(alert_sampler)

BOOST_AUTO_TEST_CASE(books_that_do_not_balance_either_way) {
  Sampling sampling;
  BOOST_TEST(sampling.sample() == Alerts{});
  *sampling.ledger = {.accepted = 5, .delivered = 3, .waiting = 1};
  BOOST_TEST(sampling.sample() == Alerts{"ledger-out-of-balance"});
  *sampling.ledger = {.accepted = 5, .delivered = 3, .dead_letters = 1, .waiting = 1};
  BOOST_TEST(sampling.sample() == Alerts{});
  *sampling.ledger = {.accepted = 5, .delivered = 6};
  BOOST_TEST(sampling.sample() == Alerts{"ledger-out-of-balance"});
}

BOOST_AUTO_TEST_CASE(a_statement_that_waits_too_long) {
  Sampling sampling;
  sampling.sampler.set_oldest_waiting({3'600'000});
  *sampling.ledger = {.accepted = 1, .waiting = 1};
  sampling.ledger->oldest_waiting = system_now() + Duration{-3'500'000};
  BOOST_TEST(sampling.sample() == Alerts{});
  sampling.ledger->oldest_waiting = system_now() + Duration{-3'700'000};
  BOOST_TEST(sampling.sample() == Alerts{"oldest-waiting"});
  *sampling.ledger = {.accepted = 1, .delivered = 1};
  BOOST_TEST(sampling.sample() == Alerts{});
}

BOOST_AUTO_TEST_CASE(a_queue_that_is_held) {
  Sampling sampling;
  *sampling.ledger = {.accepted = 9, .waiting = 9, .held = 7};
  BOOST_TEST(sampling.sample() == Alerts{"queue-held"});
  BOOST_TEST(sampling.facts.held() == 7);
  sampling.ledger->held = 0;
  BOOST_TEST(sampling.sample() == Alerts{});
}

BOOST_AUTO_TEST_CASE(a_queue_that_fills) {
  Sampling sampling;
  sampling.sampler.set_queue_bytes_max(1, 1000);
  *sampling.ledger = {.accepted = 1, .waiting = 1, .queue_bytes = 899};
  BOOST_TEST(sampling.sample() == Alerts{});
  sampling.ledger->queue_bytes = 900;
  BOOST_TEST(sampling.sample() == Alerts{"queue-filling"});
  sampling.sampler.set_queue_bytes_max(1, 2000);
  BOOST_TEST(sampling.sample() == Alerts{});
}

BOOST_AUTO_TEST_CASE(a_certificate_near_its_end) {
  Sampling sampling;
  const std::int64_t day_ms = 24 * 3'600'000LL;
  sampling.sampler.certificate_seen(1, system_now() + Duration{15 * day_ms});
  BOOST_TEST(sampling.sample() == Alerts{});
  sampling.sampler.certificate_seen(1, system_now() + Duration{13 * day_ms});
  BOOST_TEST(sampling.sample() == Alerts{"certificate-ending"});
  sampling.sampler.certificate_seen(1, system_now() + Duration{90 * day_ms});
  BOOST_TEST(sampling.sample() == Alerts{});
}

BOOST_AUTO_TEST_CASE(the_metrics_know_the_disk_and_the_certificate) {
  Sampling sampling;
  sampling.sampler.certificate_seen(1, {1'800'000'000'000});
  sampling.sample();
  const std::string text = sampling.metrics.text();
  BOOST_TEST(text.find("waypost_lrs_certificate_end_timestamp_seconds{") != std::string::npos);
  BOOST_TEST(text.find("} 1800000000") != std::string::npos);
  const auto at = text.find("\nwaypost_store_disk_size_bytes ");
  BOOST_REQUIRE(at != std::string::npos);
  BOOST_TEST(std::stod(text.substr(text.find(' ', at))) > 0);
}

BOOST_AUTO_TEST_SUITE_END()
