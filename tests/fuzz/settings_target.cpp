#include <algorithm>
#include <filesystem>
#include <fstream>

#include "fuzz/target.hpp"
#include "proxy/configuration/configuration.hpp"
#include "proxy/temporary_folder.hpp"

namespace waypost::fuzz {
namespace {

namespace fs = std::filesystem;

void write(const fs::path& file, std::string_view text) {
  std::ofstream(file, std::ios::binary) << text;
  fs::permissions(file, fs::perms::owner_read | fs::perms::owner_write);
}

void check(const relay::Configuration& configuration) {
  require(!configuration.organisations.empty(), "somebody uses the relay");
  for (const relay::OrganisationSettings& organisation : configuration.organisations) {
    require(!organisation.name.empty(), "an organisation has a name");
    for (const relay::DestinationSettings& destination : organisation.destinations) {
      require(destination.url.starts_with("http") && !destination.api_key.empty(),
              "a destination has its address and key");
      require(destination.batch_count_max > 0 && destination.batch_bytes_max > 0,
              "a batch holds something");
    }
  }
}

}  // namespace

void read_settings(std::string_view input) {
  static const TemporaryFolder folder;
  const fs::path file = folder.path() / "relay.toml";
  write(folder.path() / "secret", "s3cret\n");
  write(file, input);
  const relay::ConfigurationReading reading = relay::read_configuration(file);
  require(reading.configuration.has_value() == reading.problems.empty(),
          "settings are taken or their problems told");
  if (reading.configuration) check(*reading.configuration);
  const auto lines = 1 + std::count(input.begin(), input.end(), '\n');
  for (const relay::Problem& problem : reading.problems) {
    require(!problem.message.empty(), "a problem has words");
    require(problem.line <= static_cast<std::uint32_t>(lines), "a problem is in the file");
  }
}

}  // namespace waypost::fuzz
