#include "proxy/configuration/configuration.hpp"

#include <algorithm>
#include <fstream>
#include <iterator>
#include <string_view>
#include <utility>

#include "proxy/configuration/alert_settings_reader.hpp"
#include "proxy/configuration/secret_file.hpp"
#include "proxy/configuration/settings_table.hpp"
#include "proxy/configuration/web_address.hpp"

namespace waypost::relay {
namespace {

namespace fs = std::filesystem;

constexpr std::uintmax_t kFileBytesMax = 1 * limits::kMiB;
constexpr std::size_t kNameLengthMax = 63;
constexpr std::size_t kApiKeyLengthMax = 1024;
constexpr std::size_t kPrefixLengthMax = 200;
constexpr std::int64_t kBatchBytesMin = 16 * static_cast<std::int64_t>(limits::kKiB);

bool is_name(std::string_view text) {
  const bool characters = std::all_of(text.begin(), text.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-';
  });
  return characters && !text.empty() && text.size() <= kNameLengthMax && text.front() != '-';
}

bool is_prefix(std::string_view text) {
  if (text.empty()) return true;
  const bool characters = std::all_of(text.begin(), text.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
           std::string_view("-._~/").find(c) != std::string_view::npos;
  });
  return characters && text.size() <= kPrefixLengthMax && text.front() == '/' &&
         text.back() != '/' && text.find("//") == std::string_view::npos &&
         text.find("/.") == std::string_view::npos;
}

// Reads one file; its parts note what is wrong with them and go on.
class ConfigurationReader {
 public:
  ConfigurationReader(const fs::path& file, Problems& problems)
      : folder_(fs::absolute(file).parent_path()), problems_(problems) {}

  Configuration read(const toml::table& root) {
    Configuration configuration;
    SettingsTable settings(root, "", problems_);
    if (const auto* table = settings.table("listen")) read_listen(*table, configuration);
    read_folders(settings, configuration);
    for (const auto* table : settings.required_tables("organisation")) {
      configuration.organisations.push_back(read_organisation(*table));
    }
    if (const auto* table = settings.table("alerts")) {
      configuration.alerts = read_alert_settings(*table, folder_, problems_);
    }
    settings.refuse_others();
    return configuration;
  }

 private:
  fs::path resolved(const std::string& path) const { return (folder_ / path).lexically_normal(); }

  void read_address(SettingsTable& settings, std::string_view key, ListenAddress& address) {
    const auto text = settings.text(key, '"' + address.text() + '"');
    if (!text) return;
    if (const auto parsed = parse_listen_address(text->value)) {
      address = *parsed;
    } else {
      problems_.add(text->where, '"' + std::string(key) +
                                     "\" must be a numeric address and a port, such as \"" +
                                     address.text() + '"');
    }
  }

  void read_listen(const toml::table& table, Configuration& configuration) {
    SettingsTable settings(table, "[listen]", problems_);
    read_address(settings, "public", configuration.public_address);
    read_address(settings, "private", configuration.private_address);
    if (const auto prefix = settings.text("prefix", "\"/waypost\"")) {
      configuration.prefix = prefix->value;
      if (!is_prefix(prefix->value)) {
        problems_.add(prefix->where,
                      "\"prefix\" must be a path such as \"/waypost\", without a slash at its end");
      }
    }
    if (configuration.public_address == configuration.private_address &&
        configuration.public_address.port != 0) {
      problems_.add(settings.where(),
                    "\"public\" and \"private\" are the same; give each its port");
    }
    settings.refuse_others();
  }

  void read_folders(SettingsTable& root, Configuration& configuration) {
    if (const auto* store = root.table("store")) {
      read_store(*store, configuration);
    } else {
      problems_.add(
          root.where(),
          "there is no [store]; write [store], and under it folder = \"/var/lib/waypost\"");
    }
    if (const auto* tracker = root.table("tracker")) read_tracker(*tracker, configuration);
  }

  void read_store(const toml::table& table, Configuration& configuration) {
    SettingsTable settings(table, "[store]", problems_);
    if (const auto folder = settings.required_text("folder", "\"/var/lib/waypost\"")) {
      configuration.store_folder = resolved(folder->value);
      check_store_folder(*folder, configuration.store_folder);
    }
    settings.refuse_others();
  }

  void check_store_folder(const Placed<std::string>& setting, const fs::path& folder) {
    const toml::source_region& where = setting.where;
    std::error_code error;
    if (setting.value.empty()) {
      problems_.add(where, "\"folder\" is empty; write folder = \"/var/lib/waypost\"");
    } else if (fs::exists(folder, error)) {
      if (!fs::is_directory(folder, error)) {
        problems_.add(where, '"' + folder.string() + "\" is no folder");
      }
    } else if (!fs::is_directory(folder.parent_path(), error)) {
      problems_.add(where, "the folder \"" + folder.parent_path().string() +
                               "\" does not exist; create it, or name another");
    }
  }

  void read_tracker(const toml::table& table, Configuration& configuration) {
    SettingsTable settings(table, "[tracker]", problems_);
    if (const auto folder = settings.required_text("folder", "\"/usr/share/waypost/tracker\"")) {
      configuration.tracker_folder = resolved(folder->value);
      std::error_code error;
      if (!fs::is_directory(*configuration.tracker_folder, error)) {
        problems_.add(folder->where, "the folder \"" + configuration.tracker_folder->string() +
                                         "\" does not exist; name the folder of the built tracker");
      }
    }
    settings.refuse_others();
  }

  OrganisationSettings read_organisation(const toml::table& table) {
    OrganisationSettings organisation;
    SettingsTable settings(table, "[[organisation]]", problems_);
    if (const auto name = settings.required_text("name", "\"first-aid\"")) {
      organisation.name = name->value;
      check_name(*name);
    }
    for (const auto& origin :
         settings.required_texts("origins", "[\"https://courses.example.org\"]")) {
      if (const auto flaw = flaw_of_origin(origin.value)) {
        problems_.add(origin.where, '"' + origin.value + "\" " + *flaw);
      }
      organisation.origins.push_back(origin.value);
    }
    const auto queue_bytes =
        settings.whole_number("queue_bytes_max", limits::kQueueBytesMin, limits::kQueueBytesMax);
    if (queue_bytes) organisation.queue_bytes_max = *queue_bytes;
    for (const auto* destination : settings.required_tables("destination")) {
      organisation.destinations.push_back(read_destination(*destination, organisation));
    }
    settings.refuse_others();
    return organisation;
  }

  void check_name(const Placed<std::string>& name) {
    if (!is_name(name.value)) {
      problems_.add(
          name.where,
          "\"name\" stands in addresses: use 1 to 63 of the letters a to z, digits and -");
    }
    if (std::find(names_.begin(), names_.end(), name.value) != names_.end()) {
      problems_.add(name.where, "there are two organisations \"" + name.value +
                                    "\"; give each a name of its own");
    }
    names_.push_back(name.value);
  }

  DestinationSettings read_destination(const toml::table& table,
                                       const OrganisationSettings& organisation) {
    DestinationSettings destination;
    SettingsTable settings(table, "[[organisation.destination]]", problems_);
    if (const auto url = settings.required_text("url", "\"https://lrs.example.org/xapi/\"")) {
      destination.url = url->value;
      check_url(*url, organisation);
    }
    if (const auto key = settings.required_text("api_key", "\"the key of the LRS\"")) {
      destination.api_key = key->value;
      check_api_key(*key);
    }
    if (const auto file = settings.required_text("api_secret_file", "\"lrs-secret\"")) {
      SecretReading reading = read_secret_file(resolved(file->value));
      if (!reading.flaw.empty()) problems_.add(file->where, reading.flaw);
      destination.api_secret = std::move(reading.secret);
    }
    read_delivery(settings, destination);
    settings.refuse_others();
    return destination;
  }

  void read_delivery(SettingsTable& settings, DestinationSettings& destination) {
    const auto interval_s =
        settings.whole_number("update_interval_s", 0, limits::kUpdateIntervalMaxMs / 1000);
    if (interval_s) destination.update_interval = Duration{*interval_s * 1000};
    const auto count = settings.whole_number(
        "batch_count_max", 1, static_cast<std::int64_t>(limits::kEngineWindowDefault));
    if (count) destination.batch_count_max = static_cast<std::size_t>(*count);
    const auto bytes = settings.whole_number("batch_bytes_max", kBatchBytesMin,
                                             static_cast<std::int64_t>(limits::kXapiBytesMax));
    if (bytes) destination.batch_bytes_max = static_cast<std::size_t>(*bytes);
    if (const auto version = settings.text("xapi_version", "\"1.0.3\"")) {
      if (version->value == "2.0.0") {
        destination.xapi_version = statement::Version::V2_0_0;
      } else if (version->value != "1.0.3") {
        problems_.add(version->where, "\"xapi_version\" is \"" + version->value +
                                          "\"; write \"1.0.3\" or \"2.0.0\"");
      }
    }
  }

  void check_url(const Placed<std::string>& url, const OrganisationSettings& organisation) {
    if (const auto flaw = flaw_of_lrs_url(url.value)) problems_.add(url.where, "url " + *flaw);
    for (const DestinationSettings& other : organisation.destinations) {
      if (!is_same_endpoint(other.url, url.value)) continue;
      problems_.add(url.where, "this organisation has a destination of that url already");
    }
  }

  void check_api_key(const Placed<std::string>& key) {
    const bool plain = std::all_of(key.value.begin(), key.value.end(),
                                   [](char c) { return static_cast<unsigned char>(c) >= ' '; });
    if (key.value.empty() || key.value.size() > kApiKeyLengthMax || !plain ||
        key.value.find(':') != std::string::npos) {
      problems_.add(key.where,
                    "\"api_key\" is the user name of HTTP Basic: not empty, one line, "
                    "without a colon");
    }
  }

  fs::path folder_;
  Problems& problems_;
  std::vector<std::string> names_;
};

ConfigurationReading failure(const fs::path& file, std::string message) {
  return {std::nullopt, {Problem{file.string(), 0, 0, std::move(message)}}};
}

}  // namespace

std::string Problem::text() const {
  if (line == 0) return file + ": " + message;
  return file + ':' + std::to_string(line) + ':' + std::to_string(column) + ": " + message;
}

ConfigurationReading read_configuration(const fs::path& file) {
  std::error_code error;
  const std::uintmax_t size = fs::file_size(file, error);
  if (error) return failure(file, "cannot be read: " + error.message());
  if (size > kFileBytesMax) return failure(file, "is larger than 1 MiB");
  std::ifstream stream(file, std::ios::binary);
  const std::string text{std::istreambuf_iterator<char>(stream), {}};
  if (!stream) return failure(file, "cannot be read");
  try {
    const toml::table root = toml::parse(text, file.string());
    Problems problems(file.string());
    Configuration configuration = ConfigurationReader(file, problems).read(root);
    if (!problems.empty()) return {std::nullopt, problems.take()};
    return {std::move(configuration), {}};
  } catch (const toml::parse_error& flaw) {
    const auto where = flaw.source().begin;
    return {std::nullopt,
            {Problem{file.string(), where.line, where.column,
                     "this is not TOML: " + std::string(flaw.description())}}};
  }
}

}  // namespace waypost::relay
