#include "proxy/alerts/alert_sampler.hpp"

#include <utility>

#include "proxy/operations/log.hpp"
#include "proxy/store/group_commit.hpp"
#include "waypost/limits.hpp"

namespace waypost::relay {

namespace fs = std::filesystem;

AlertSampler::AlertSampler(std::vector<DestinationLabels> destinations, fs::path store_folder,
                           GroupCommit& commits, Alerter& alerter)
    : destinations_(std::move(destinations)),
      store_folder_(std::move(store_folder)),
      commits_(commits),
      alerter_(alerter) {}

void AlertSampler::sample() {
  sample_disk();
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
  AlertDetails details;
  details.amount = static_cast<std::int64_t>(space.available);
  const bool scarce = space.available < limits::kDiskFreeAlertBytes ||
                      space.available < space.capacity / 100 * limits::kDiskFreeAlertPercent;
  scarce ? alerter_.began(key, details) : alerter_.ended(key, details);
}

// One task for each destination, so that commits get their turn in between.
void AlertSampler::ask_for_destination(std::size_t at) {
  const bool asked = at < destinations_.size() && commits_.run([this, at](Store& store) {
    sample_destination(store, at);
    ask_for_destination(at + 1);
  });
  if (!asked) under_way_ = false;
}

void AlertSampler::sample_destination(Store& store, std::size_t at) {
  const DestinationLabels& labels = destinations_[at];
  const auto ledger = store.ledger(labels.id);
  if (!ledger.value) return;  // whoever reads metrics or sends logs the reason
  AlertDetails details;
  details.waiting = ledger.value->waiting;
  details.amount = ledger.value->imbalance();
  const AlertKey books{labels.organisation, labels.url, AlertKind::LedgerOutOfBalance};
  details.amount != 0 ? alerter_.began(books, details) : alerter_.ended(books, details);
}

}  // namespace waypost::relay
