#include "proxy/alerts/alerter.hpp"

#include <algorithm>
#include <chrono>
#include <utility>

#include "proxy/alerts/alert_message.hpp"
#include "proxy/operations/log.hpp"
#include "waypost/limits.hpp"

namespace waypost::relay {
namespace {

constexpr std::chrono::milliseconds kSampleInterval{limits::kAlertSampleIntervalMs};

LogLevel level_of(const AlertNotice& notice) {
  return notice.phase == AlertPhase::Ended ? LogLevel::Info : LogLevel::Error;
}

void log_alert(const AlertNotice& notice, const AlertMessage& message) {
  log(level_of(notice), "alert",
      {{"alert", word(notice.key.kind)},
       {"phase", word(notice.phase)},
       {"organisation", std::string_view(notice.key.organisation)},
       {"destination", std::string_view(notice.key.destination)},
       {"subject", std::string_view(message.subject)}});
}

}  // namespace

Alerter::Alerter(const AlertSettings& settings, Metrics& metrics)
    : metrics_(metrics), book_(settings.outage_after) {
  take_settings(settings);
}

Alerter::~Alerter() {
  stop();
}

void Alerter::start(std::function<void()> sample) {
  if (thread_.joinable()) return;
  thread_ = std::thread([this, sample = std::move(sample)] { run(sample); });
}

void Alerter::began(const AlertKey& key, const AlertDetails& details) {
  const std::lock_guard lock(mutex_);
  book_.began(key, details, system_now());
  has_news_ = true;
  something_.notify_one();
}

void Alerter::ended(const AlertKey& key, const AlertDetails& details) {
  const std::lock_guard lock(mutex_);
  book_.ended(key, details, system_now());
  has_news_ = true;
  something_.notify_one();
}

void Alerter::buried(const AlertKey& key, std::string_view reason, std::uint64_t count) {
  const std::lock_guard lock(mutex_);
  book_.buried(key, reason, count, system_now());
  has_news_ = true;
  something_.notify_one();
}

void Alerter::settings_changed(const AlertSettings& settings) {
  const std::lock_guard lock(mutex_);
  new_settings_ = settings;
  has_news_ = true;
  something_.notify_one();
}

void Alerter::stop() {
  if (!thread_.joinable()) return;
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
    something_.notify_one();
  }
  thread_.join();
}

void Alerter::log_addressees() const {
  for (const Route& route : routes_) {
    const std::string channel = route.channel->kind();
    const std::string addressee = route.channel->addressee();
    log(LogLevel::Info, "alerts go to",
        {{"channel", std::string_view(channel)}, {"to", std::string_view(addressee)}});
  }
  if (routes_.empty()) log(LogLevel::Warning, "alerts go to the log only");
}

void Alerter::run(const std::function<void()>& sample) {
  SteadyTime sample_at = steady_now();
  log_addressees();
  while (!stopping_) {
    if (steady_now() >= sample_at) {
      sample();
      sample_at = steady_now() + kSampleInterval;
    }
    take_notices();
    if (!send_what_is_due()) wait_until_something_is_due(sample_at);
  }
}

void Alerter::take_settings(const AlertSettings& settings) {
  std::vector<Route> routes;
  for (auto& channel : make_channels(settings)) {
    const auto before = std::find_if(routes_.begin(), routes_.end(), [&](const Route& route) {
      return route.channel && route.channel->kind() == channel->kind();
    });
    Route route{std::move(channel), {}};
    if (before != routes_.end()) {
      route.outbox = std::move(before->outbox);
      route.outbox.try_at_once();
    } else {
      for (const AlertNotice& notice : book_.standing()) route.outbox.add(notice);
    }
    routes.push_back(std::move(route));
  }
  routes_ = std::move(routes);
  book_.set_outage_after(settings.outage_after);
}

void Alerter::take_notices() {
  std::vector<AlertNotice> notices;
  {
    const std::lock_guard lock(mutex_);
    has_news_ = false;
    if (new_settings_) {
      take_settings(*std::exchange(new_settings_, std::nullopt));
      log_addressees();
    }
    notices = book_.due(system_now());
  }
  for (const AlertNotice& notice : notices) {
    log_alert(notice, message_of(notice));
    for (Route& route : routes_) route.outbox.add(notice);
  }
}

// One message for each channel, so that newer facts are taken in between. Whether there was any.
bool Alerter::send_what_is_due() {
  bool tried = false;
  for (Route& route : routes_) {
    const Instant now = system_now();
    const AlertNotice* notice = route.outbox.next(now);
    if (notice == nullptr || stopping_) continue;
    tried = true;
    const std::string flaw = route.channel->send(message_of(*notice), now, stopping_);
    if (stopping_ && !flaw.empty()) continue;
    const std::string channel = route.channel->kind();
    metrics_.alert(channel, flaw.empty());
    if (flaw.empty()) {
      log(LogLevel::Info, "alert sent",
          {{"channel", std::string_view(channel)}, {"alert", word(notice->key.kind)}});
      route.outbox.sent();
    } else {
      log(LogLevel::Warning, "alert not sent",
          {{"channel", std::string_view(channel)},
           {"alert", word(notice->key.kind)},
           {"reason", std::string_view(flaw)}});
      route.outbox.failed(system_now());
    }
  }
  return tried;
}

void Alerter::wait_until_something_is_due(SteadyTime sample_at) {
  std::unique_lock lock(mutex_);
  const Instant now = system_now();
  SteadyTime wake_at = sample_at;
  const auto sooner = [&](std::optional<Instant> at) {
    if (!at) return;
    const Duration left = std::max(*at - now, Duration{});
    wake_at = std::min(wake_at, steady_now() + std::chrono::milliseconds(left.ms));
  };
  sooner(book_.next_wakeup());
  for (const Route& route : routes_) sooner(route.outbox.next_wakeup());
  something_.wait_until(lock, wake_at, [this] { return has_news_ || stopping_; });
}

}  // namespace waypost::relay
