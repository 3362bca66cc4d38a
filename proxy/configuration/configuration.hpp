#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "proxy/configuration/alert_settings.hpp"
#include "proxy/http/listen_address.hpp"
#include "proxy/lrs_client/secret.hpp"
#include "waypost/limits.hpp"
#include "waypost/statement/validate.hpp"
#include "waypost/time.hpp"

// What the operator decided, read from relay.toml and checked to the end before anything starts;
// docs/operators.md has every setting.
namespace waypost::relay {

struct DestinationSettings {
  std::string url;
  std::string api_key;
  Secret api_secret;
  Duration update_interval{limits::kUpdateIntervalDefaultMs};
  std::size_t batch_count_max = limits::kBatchCountMax;
  std::size_t batch_bytes_max = limits::kBatchBytesMax;
  statement::Version xapi_version = statement::Version::V1_0_3;
};

struct OrganisationSettings {
  std::string name;
  std::vector<std::string> origins;  // as browsers write them
  std::int64_t queue_bytes_max = limits::kQueueBytesDefault;
  std::vector<DestinationSettings> destinations;
};

struct Configuration {
  ListenAddress public_address{"127.0.0.1", 8800};
  ListenAddress private_address{"127.0.0.1", 8801};
  std::string prefix = "/waypost";  // empty, or begins with a slash and does not end with one
  std::filesystem::path store_folder;
  std::optional<std::filesystem::path> tracker_folder;
  std::vector<OrganisationSettings> organisations;
  AlertSettings alerts;
};

// What is wrong, where, and what to write instead. Lines and columns count from 1.
struct Problem {
  std::string file;
  std::uint32_t line = 0;  // 0: the file as a whole
  std::uint32_t column = 0;
  std::string message;

  // "relay.toml:3:5: message"
  std::string text() const;
};

// Either a configuration or every problem that was found, in order of lines.
struct ConfigurationReading {
  std::optional<Configuration> configuration;
  std::vector<Problem> problems;
};

ConfigurationReading read_configuration(const std::filesystem::path& file);

}  // namespace waypost::relay
