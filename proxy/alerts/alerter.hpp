#pragma once

#include <atomic>
#include <condition_variable>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string_view>
#include <thread>
#include <vector>

#include "proxy/alerts/alert_book.hpp"
#include "proxy/alerts/alert_channel.hpp"
#include "proxy/alerts/alert_facts.hpp"
#include "proxy/alerts/alert_outbox.hpp"
#include "proxy/configuration/alert_settings.hpp"
#include "proxy/operations/clock.hpp"
#include "proxy/operations/metrics.hpp"

namespace waypost::relay {

// Tells humans what is wrong, in a thread of its own: the log always, mail and webhook where they
// are set. Facts may come from any thread and never wait for a message to be sent; what is kept of
// them grows with the number of destinations, not of facts.
class Alerter final : public AlertFacts {
 public:
  // The metrics outlive it.
  Alerter(const AlertSettings& settings, Metrics& metrics);
  Alerter(const Alerter&) = delete;
  Alerter& operator=(const Alerter&) = delete;
  ~Alerter() override;  // stops

  // Calls `sample`, which must be quick and outlive stop(), in its thread at once and every
  // limits::kAlertSampleIntervalMs.
  void start(std::function<void()> sample);

  void began(const AlertKey& key, const AlertDetails& details) override;
  void ended(const AlertKey& key, const AlertDetails& details) override;
  void buried(const AlertKey& key, std::string_view reason, std::uint64_t count) override;

  // What still waits goes to the new addresses; a channel that was not there before is told what
  // stands.
  void settings_changed(const AlertSettings& settings);

  // Breaks off a message that is being sent. What has not been told is in the log.
  void stop();

 private:
  struct Route {
    std::unique_ptr<AlertChannel> channel;
    AlertOutbox outbox;
  };

  void run(const std::function<void()>& sample);
  void take_settings(const AlertSettings& settings);
  void log_addressees() const;
  void take_notices();
  bool send_what_is_due();
  void wait_until_something_is_due(SteadyTime sample_at);

  Metrics& metrics_;
  std::atomic<bool> stopping_{false};
  std::vector<Route> routes_;  // the thread's alone once it runs

  std::mutex mutex_;  // guards what follows
  std::condition_variable something_;
  bool has_news_ = false;
  AlertBook book_;
  std::optional<AlertSettings> new_settings_;

  std::thread thread_;
};

}  // namespace waypost::relay
