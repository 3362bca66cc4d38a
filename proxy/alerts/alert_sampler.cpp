#include "proxy/alerts/alert_sampler.hpp"

#include <array>
#include <utility>

#include "proxy/operations/clock.hpp"
#include "proxy/operations/log.hpp"
#include "proxy/store/group_commit.hpp"
#include "waypost/limits.hpp"

namespace waypost::relay {

namespace fs = std::filesystem;

namespace {

// What may stand of the address of an LRS.
constexpr std::array kKindsOfAddress{AlertKind::Blocked,           AlertKind::Outage,
                                     AlertKind::OldestWaiting,     AlertKind::QueueHeld,
                                     AlertKind::CertificateEnding, AlertKind::LedgerOutOfBalance};

}  // namespace

AlertSampler::AlertSampler(const DestinationDirectory& destinations, fs::path store_folder,
                           GroupCommit& commits, AlertFacts& facts, Metrics& metrics)
    : destinations_(destinations),
      store_folder_(std::move(store_folder)),
      commits_(commits),
      facts_(facts),
      metrics_(metrics) {}

void AlertSampler::sample() {
  sample_disk();
  sample_certificates();
  if (!under_way_.exchange(true)) ask_for_destination(0);
}

void AlertSampler::sample_disk() {
  const AlertKey key{{}, {}, AlertKind::DiskFilling};
  std::error_code error;
  const fs::space_info space = fs::space(store_folder_, error);
  if (error) {
    log(LogLevel::Warning, "disk space cannot be read",
        {{"reason", std::string_view(error.message())}});
    return;
  }
  metrics_.disk(space.available, space.capacity);
  AlertDetails details;
  details.amount = static_cast<std::int64_t>(space.available);
  const bool scarce = space.available < limits::kDiskFreeAlertBytes ||
                      space.available < space.capacity / 100 * limits::kDiskFreeAlertPercent;
  tell(key, scarce, details);
}

void AlertSampler::certificate_seen(DestinationId destination, Instant ends) {
  metrics_.certificate(destination, ends);
  const std::lock_guard lock(mutex_);
  certificate_ends_[destination] = ends;
}

void AlertSampler::sample_certificates() {
  const std::lock_guard lock(mutex_);
  for (const DestinationLabels& labels : destinations_.all()) {
    const auto found = certificate_ends_.find(labels.id);
    if (found == certificate_ends_.end()) continue;
    AlertDetails details;
    details.at = found->second;
    const Duration left = found->second - system_now();
    tell({labels.organisation, labels.url, AlertKind::CertificateEnding},
         left < Duration{limits::kCertificateAlertBeforeMs}, details);
  }
}

// One task for each destination, so that commits get their turn in between.
void AlertSampler::ask_for_destination(std::size_t at) {
  const bool asked = at < destinations_.count() && commits_.run([this, at](Store& store) {
    sample_destination(store, destinations_.at(at));
    ask_for_destination(at + 1);
  });
  if (!asked) under_way_ = false;
}

void AlertSampler::readdressed(Store& store, const DestinationLabels& before) {
  const DestinationLabels now = destinations_.of(before.id);
  if (now.url != before.url) {
    {
      const std::lock_guard lock(mutex_);
      certificate_ends_.erase(before.id);
    }
    AlertDetails details;
    details.readdressed = true;
    for (const AlertKind kind : kKindsOfAddress) {
      facts_.ended({before.organisation, before.url, kind}, details);
    }
  }
  sample_destination(store, now);
}

void AlertSampler::sample_destination(Store& store, const DestinationLabels& labels) {
  const auto ledger = store.ledger(labels.id);
  if (!ledger.value) {
    log(LogLevel::Warning, "ledger cannot be read",
        {{"reason", std::string_view(ledger.error.message)}});
    return;
  }
  const auto key = [&](AlertKind kind) { return AlertKey{labels.organisation, labels.url, kind}; };
  AlertDetails details;
  details.waiting = ledger.value->waiting;
  details.at = ledger.value->oldest_waiting;
  const bool too_old =
      details.at && Duration{oldest_waiting_ms_.load()} < system_now() - *details.at;
  tell(key(AlertKind::OldestWaiting), too_old, details);
  details.amount = ledger.value->imbalance();
  tell(key(AlertKind::LedgerOutOfBalance), details.amount != 0, details);
  details.amount = ledger.value->held;
  tell(key(AlertKind::QueueHeld), details.amount > 0, details);
  sample_queue(labels, ledger.value->queue_bytes);
}

void AlertSampler::set_queue_bytes_max(OrganisationId organisation, std::int64_t bytes) {
  const std::lock_guard lock(mutex_);
  queue_bytes_max_[organisation] = bytes;
}

void AlertSampler::sample_queue(const DestinationLabels& labels, std::int64_t bytes) {
  const std::lock_guard lock(mutex_);
  const std::int64_t bytes_max = queue_bytes_max_[labels.organisation_id];
  if (bytes_max == 0) return;
  metrics_.queue(labels.organisation, bytes, bytes_max);
  AlertDetails details;
  details.amount = bytes / (bytes_max / 100);
  tell({labels.organisation, {}, AlertKind::QueueFilling},
       details.amount >= limits::kQueueFullAlertPercent, details);
}

void AlertSampler::tell(const AlertKey& key, bool wrong, const AlertDetails& details) {
  if (wrong) {
    facts_.began(key, details);
  } else {
    facts_.ended(key, details);
  }
}

}  // namespace waypost::relay
