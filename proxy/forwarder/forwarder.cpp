#include "proxy/forwarder/forwarder.hpp"

#include <algorithm>
#include <chrono>
#include <memory>
#include <thread>
#include <utility>

#include "proxy/forwarder/destination_sender.hpp"
#include "proxy/operations/clock.hpp"
#include "waypost/limits.hpp"

namespace waypost::relay {
namespace {

constexpr std::size_t kCacheBytesMax = 8 * limits::kMiB;
constexpr Duration kWaitMax{60'000};
// For what the LRSs have answered to reach the disk when the forwarder stops.
constexpr Duration kSettleWaitMax{5'000};

SteadyTime steady_after(Duration duration) {
  return steady_now() + std::chrono::milliseconds(duration.ms);
}

Duration until(SteadyTime at) {
  const auto left = at - steady_now();
  return {std::chrono::ceil<std::chrono::milliseconds>(left).count()};
}

}  // namespace

class Forwarder::Loop {
 public:
  Loop(ForwarderSettings settings, GroupCommit& commits, ForwarderObserver& observer)
      : client_(settings.lrs_client),
        surroundings_{commits,
                      client_,
                      observer,
                      std::make_shared<Mailbox>([this] { client_.wake(); }),
                      std::move(settings.lease_owner),
                      settings.lease},
        stop_wait_max_(settings.stop_wait_max) {
    const std::size_t count = std::max<std::size_t>(settings.destinations.size(), 1);
    for (ForwarderDestination& destination : settings.destinations) {
      const DestinationSender::Limits limits{settings.seed ^ destination.ids.destination,
                                             kCacheBytesMax / count,
                                             limits::kForwarderWindowsMax / count};
      senders_.push_back(
          std::make_unique<DestinationSender>(std::move(destination), limits, surroundings_));
    }
  }

  Loop(const Loop&) = delete;
  Loop& operator=(const Loop&) = delete;

  ~Loop() {
    stop();
    surroundings_.mailbox->close();
  }

  void start() {
    if (!thread_.joinable()) thread_ = std::thread([this] { run(); });
  }

  void entries_committed(OrganisationId organisation, std::vector<CommittedEntry> entries) {
    surroundings_.mailbox->post_soon([this, organisation, entries = std::move(entries)]() mutable {
      take_in(organisation, std::move(entries));
    });
  }

  void settings_changed(ForwarderDestination destination) {
    const DestinationId id = destination.ids.destination;
    post_to(id, [destination = std::move(destination)](DestinationSender& sender) {
      sender.settings_changed(destination, system_now());
    });
  }

  void readdress(ForwarderDestination destination) {
    const DestinationId id = destination.ids.destination;
    post_to(id, [destination = std::move(destination)](DestinationSender& sender) {
      sender.readdress(destination, system_now());
    });
  }

  void entries_waiting(DestinationId destination, std::vector<CommittedEntry> entries) {
    post_to(destination, [entries = std::move(entries)](DestinationSender& sender) {
      const Instant now = system_now();
      for (const CommittedEntry& entry : entries) sender.committed(entry, nullptr, now);
    });
  }

  void reload(DestinationId destination) {
    post_to(destination, [](DestinationSender& sender) { sender.reload(system_now()); });
  }

  void isolate_anyway(DestinationId destination) {
    post_to(destination, [](DestinationSender& sender) { sender.isolate_anyway(system_now()); });
  }

  void stop() {
    if (!thread_.joinable()) return;
    surroundings_.mailbox->post([this] { stopping_ = true; });
    thread_.join();
  }

 private:
  // In the thread, to the sender of the destination.
  template <typename Fact>
  void post_to(DestinationId destination, Fact fact) {
    surroundings_.mailbox->post([this, destination, fact = std::move(fact)] {
      for (const auto& sender : senders_) {
        if (sender->destination() == destination) fact(*sender);
      }
    });
  }

  void run() {
    while (!stopping_) turn(kWaitMax);
    const Instant now = system_now();
    for (const auto& sender : senders_) sender->stop(now);
    turn_until(steady_after(stop_wait_max_), [this] { return client_.in_flight() == 0; });
    turn_until(steady_after(kSettleWaitMax), [this] {
      return std::all_of(senders_.begin(), senders_.end(),
                         [](const auto& sender) { return sender->is_settled(); });
    });
    std::size_t held = senders_.size();
    for (const auto& sender : senders_) sender->release_lease(system_now(), [&held] { --held; });
    turn_until(steady_after(kSettleWaitMax), [&held] { return held == 0; });
  }

  // Takes in what has come, does what is due, and waits for more.
  void turn(Duration wait_max) {
    Mailbox::Post post = surroundings_.mailbox->take();
    for (const Mailbox::Fact& fact : post.facts) fact();
    const Instant now = system_now();
    Duration wait = wait_max;
    if (post.look_again_soon) wait = std::min(wait, Duration{Mailbox::kLookAgainMs});
    for (const auto& sender : senders_) {
      sender->tick(now);
      const auto wakeup = sender->next_wakeup();
      if (wakeup) wait = std::min(wait, std::max(*wakeup - now, Duration{}));
    }
    client_.poll(wait);
  }

  template <typename Condition>
  void turn_until(SteadyTime deadline, const Condition& condition) {
    while (!condition()) {
      const Duration left = until(deadline);
      if (left.ms <= 0) return;
      turn(left);
    }
  }

  void take_in(OrganisationId organisation, std::vector<CommittedEntry> entries) {
    const Instant now = system_now();
    for (CommittedEntry& entry : entries) {
      SharedBody body;
      if (!entry.body.empty()) body = std::make_shared<const std::string>(std::move(entry.body));
      for (const auto& sender : senders_) {
        if (sender->organisation() == organisation) sender->committed(entry, body, now);
      }
    }
  }

  LrsClient client_;
  Surroundings surroundings_;
  Duration stop_wait_max_;
  std::vector<std::unique_ptr<DestinationSender>> senders_;
  bool stopping_ = false;  // the thread's alone
  std::thread thread_;
};

Forwarder::Forwarder(ForwarderSettings settings, GroupCommit& commits, ForwarderObserver& observer)
    : loop_(std::make_unique<Loop>(std::move(settings), commits, observer)) {}

Forwarder::~Forwarder() = default;

void Forwarder::start() {
  loop_->start();
}

void Forwarder::entries_committed(OrganisationId organisation,
                                  std::vector<CommittedEntry> entries) {
  loop_->entries_committed(organisation, std::move(entries));
}

void Forwarder::settings_changed(ForwarderDestination destination) {
  loop_->settings_changed(std::move(destination));
}

void Forwarder::readdress(ForwarderDestination destination) {
  loop_->readdress(std::move(destination));
}

void Forwarder::entries_waiting(DestinationId destination, std::vector<CommittedEntry> entries) {
  loop_->entries_waiting(destination, std::move(entries));
}

void Forwarder::reload(DestinationId destination) {
  loop_->reload(destination);
}

void Forwarder::isolate_anyway(DestinationId destination) {
  loop_->isolate_anyway(destination);
}

void Forwarder::stop() {
  loop_->stop();
}

}  // namespace waypost::relay
