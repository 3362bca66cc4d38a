#include "proxy/command_line/relay.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <utility>

#include <unistd.h>

#include "proxy/command_line/destination_settings.hpp"
#include "proxy/ingest/xapi_version.hpp"
#include "proxy/operations/clock.hpp"
#include "proxy/operations/log.hpp"
#include "proxy/operations/random.hpp"
#include "proxy/store/sqlite_store.hpp"

namespace waypost::relay {
namespace {

namespace fs = std::filesystem;

// Requests are parsed and checked in these; the store and the forwarder have a thread each.
constexpr std::size_t kPublicThreads = 2;
constexpr std::size_t kPrivateThreads = 1;
constexpr std::size_t kControlThreads = 1;

// Where an installed relay finds the tracker.
fs::path usual_tracker_folder() {
  std::error_code error;
  const fs::path program = fs::read_symlink("/proc/self/exe", error);
  return (program.parent_path() / "../share/waypost/tracker").lexically_normal();
}

std::string process_name() {
  std::array<char, 256> host{};
  if (gethostname(host.data(), host.size() - 1) != 0) host = {"unknown"};
  return std::string(host.data()) + '/' + std::to_string(getpid()) + '/' +
         std::to_string(random_number());
}

}  // namespace

void Relay::log_held(const DestinationLabels& destination, std::int64_t statements) {
  log(LogLevel::Warning, "statements are held: the destination's address or key was changed",
      {{"organisation", std::string_view(destination.organisation)},
       {"destination", std::string_view(destination.url)},
       {"statements", statements}});
}

std::string Relay::open(const Configuration& configuration) {
  configuration_ = configuration;
  std::string trouble = open_store(configuration);
  if (trouble.empty()) trouble = load_tracker_files(configuration);
  if (!trouble.empty()) return trouble;
  make_alerts(configuration);
  make_forwarder(configuration);
  durable_append_ = std::make_unique<DurableAppend>(*commits_, *forwarder_, *metrics_);
  public_application_ = std::make_unique<PublicApplication>(
      configuration.prefix, organisations_, *durable_append_, tracker_files_, *metrics_);
  private_application_ = std::make_unique<PrivateApplication>(
      *commits_, destinations_->all(), *metrics_, [this] { return public_server_->connections(); });
  control_application_ =
      std::make_unique<ControlApplication>(*commits_, *forwarder_, organisations_, *destinations_);
  open_control(configuration);
  return open_listeners(configuration);
}

std::string Relay::open_store(const Configuration& configuration) {
  auto store = SqliteStore::create(configuration.store_folder);
  if (!store.value) return "the store cannot be opened: " + store.error.message;
  const std::vector<DestinationName> names = names_of(configuration);
  const auto registered = (*store.value)->register_destinations(names);
  if (!registered.value) return "the store cannot be used: " + registered.error.message;
  for (std::size_t i = 0; i < names.size(); ++i) {
    const RegisteredDestination& found = registered.value->at(i);
    running_.push_back({found.ids, names[i]});
    blocked_.push_back(found.blocked);
    if (found.held > 0) log_held(labels_of(running_.back()), found.held);
  }
  destinations_ = std::make_unique<DestinationDirectory>(labels_of(running_));
  make_organisations(configuration);
  delivery_log_ = std::make_unique<DeliveryLog>(*destinations_, *metrics_);
  commits_ = std::make_unique<GroupCommit>(std::move(*store.value), system_now);
  return {};
}

void Relay::make_organisations(const Configuration& configuration) {
  std::vector<std::string> names;
  std::size_t first_destination = 0;
  for (const OrganisationSettings& organisation : configuration.organisations) {
    names.push_back(organisation.name);
    organisations_.emplace_back(organisation, running_.at(first_destination).ids.organisation,
                                configuration.prefix);
    first_destination += organisation.destinations.size();
  }
  metrics_ = std::make_unique<Metrics>(names, destinations_->all());
}

std::string Relay::load_tracker_files(const Configuration& configuration) {
  const fs::path folder = configuration.tracker_folder.value_or(usual_tracker_folder());
  if (!configuration.tracker_folder && !fs::exists(folder)) {
    log(LogLevel::Warning, "no tracker to serve", {{"folder", std::string_view(folder.native())}});
    return {};
  }
  std::vector<LoaderSettings> loaders;
  for (const Organisation& organisation : organisations_) {
    const bool alone = organisations_.size() == 1;
    loaders.push_back(
        {organisation.name, configuration.prefix,
         alone ? configuration.prefix : configuration.prefix + "/o/" + organisation.name,
         organisation.self_declared_home_page, xapi_version_text(organisation.version)});
  }
  TrackerFiles::Loading loading = TrackerFiles::load(folder, loaders);
  if (loading.files) tracker_files_ = std::move(*loading.files);
  return loading.flaw;
}

void Relay::make_alerts(const Configuration& configuration) {
  alerter_ = std::make_unique<Alerter>(configuration.alerts, *metrics_);
  alert_sampler_ = std::make_unique<AlertSampler>(*destinations_, configuration.store_folder,
                                                  *commits_, *alerter_, *metrics_);
  alert_sampler_->set_oldest_waiting(configuration.alerts.oldest_waiting);
  for (std::size_t i = 0; i < organisations_.size(); ++i) {
    alert_sampler_->set_queue_bytes_max(organisations_[i].id,
                                        configuration.organisations[i].queue_bytes_max);
  }
  alert_watch_ = std::make_unique<AlertWatch>(*destinations_, *delivery_log_, *commits_, *alerter_,
                                              *alert_sampler_);
}

void Relay::make_forwarder(const Configuration& configuration) {
  ForwarderSettings settings;
  settings.lease_owner = process_name();
  settings.seed = random_number();
  const auto destinations = destinations_of(configuration);
  for (std::size_t i = 0; i < destinations.size(); ++i) {
    settings.destinations.push_back(forwarder_destination(running_[i].ids, destinations[i]));
    settings.destinations.back().blocked = blocked_[i];
  }
  forwarder_ = std::make_unique<Forwarder>(std::move(settings), *commits_, *alert_watch_);
}

// Statements are taken and sent without it too.
void Relay::open_control(const Configuration& configuration) {
  control_server_ = std::make_unique<Server>(*control_application_, kControlThreads,
                                             limits::kControlConnectionsMax);
  const std::string trouble = control_server_->open(configuration.store_folder / "control");
  if (trouble.empty()) return;
  control_server_.reset();
  log(LogLevel::Warning, "no orders from the command line can be taken",
      {{"reason", std::string_view(trouble)}});
}

std::string Relay::open_listeners(const Configuration& configuration) {
  public_server_ =
      std::make_unique<Server>(*public_application_, kPublicThreads, limits::kConnectionsMax);
  private_server_ = std::make_unique<Server>(*private_application_, kPrivateThreads,
                                             limits::kPrivateConnectionsMax);
  std::string trouble = public_server_->open(configuration.public_address);
  if (trouble.empty()) trouble = private_server_->open(configuration.private_address);
  return trouble;
}

void Relay::start() {
  alerter_->start([this] { alert_sampler_->sample(); });
  forwarder_->start();
  private_server_->start();
  if (control_server_) control_server_->start();
  public_server_->start();
  log(LogLevel::Info, "listening",
      {{"public_port", std::int64_t{public_server_->port()}},
       {"private_port", std::int64_t{private_server_->port()}}});
}

void Relay::drain() {
  private_application_->stop_being_ready();
  public_server_->drain();
}

void Relay::stop() {
  forwarder_->stop();
  alerter_->stop();
  commits_->stop();
  public_server_->stop();
  private_server_->stop();
  if (control_server_) control_server_->stop();
}

}  // namespace waypost::relay
