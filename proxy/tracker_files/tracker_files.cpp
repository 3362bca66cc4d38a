#include "proxy/tracker_files/tracker_files.hpp"

#include <algorithm>
#include <array>
#include <fstream>
#include <functional>
#include <iterator>
#include <utility>

#include <nlohmann/json.hpp>

#include "waypost/limits.hpp"

namespace waypost::relay {
namespace {

namespace fs = std::filesystem;

constexpr std::uintmax_t kFileBytesMax = 4 * limits::kMiB;
constexpr std::size_t kFilesMax = 100;
constexpr std::string_view kSettingsMark = "__WAYPOST_SETTINGS__";

constexpr std::array<std::pair<std::string_view, std::string_view>, 6> kContentTypes = {{
    {".js", "text/javascript; charset=utf-8"},
    {".mjs", "text/javascript; charset=utf-8"},
    {".wasm", "application/wasm"},
    {".css", "text/css; charset=utf-8"},
    {".json", "application/json"},
    {".map", "application/json"},
}};

std::string_view content_type_of(const fs::path& name) {
  const std::string extension = name.extension().string();
  for (const auto& [known, type] : kContentTypes) {
    if (extension == known) return type;
  }
  return "application/octet-stream";
}

bool is_plain_name(std::string_view name) {
  const bool characters = std::all_of(name.begin(), name.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' ||
           c == '_' || c == '.';
  });
  return characters && !name.empty() && name.front() != '.';
}

std::optional<std::string> read_file(const fs::path& path) {
  std::error_code error;
  const std::uintmax_t size = fs::file_size(path, error);
  if (error || size > kFileBytesMax) return std::nullopt;
  std::ifstream stream(path, std::ios::binary);
  std::string text{std::istreambuf_iterator<char>(stream), {}};
  if (!stream) return std::nullopt;
  return text;
}

std::string etag_of(std::string_view text) {
  return '"' + std::to_string(std::hash<std::string_view>{}(text)) + '"';
}

// Whether the client takes this coding (RFC 9110 section 12.5.3); a weight of zero refuses it.
bool accepts(std::string_view header, std::string_view coding) {
  while (!header.empty()) {
    const auto comma = header.find(',');
    std::string_view one = header.substr(0, comma);
    header = comma == std::string_view::npos ? std::string_view{} : header.substr(comma + 1);
    const auto first = one.find_first_not_of(" \t");
    if (first == std::string_view::npos) continue;
    one.remove_prefix(first);
    if (one.substr(0, coding.size()) != coding) continue;
    const std::string_view behind = one.substr(coding.size());
    if (!behind.empty() && behind.front() != ';' && behind.front() != ' ') continue;
    const auto weight = behind.find("q=");
    return weight == std::string_view::npos ||
           behind.find_first_of("123456789", weight) != std::string_view::npos;
  }
  return false;
}

Response not_found(std::string_view sentence) {
  return error_response(404, ErrorCode::NotFound, sentence);
}

std::string settings_text(const LoaderSettings& organisation, const nlohmann::json& manifest) {
  nlohmann::json settings;
  settings["prefix"] = organisation.prefix;
  settings["organisation"] = organisation.organisation;
  settings["interval_ms"] = limits::kTrackerIntervalDefaultMs;
  settings["self_declared_home_page"] = organisation.self_declared_home_page;
  settings["assets"] = organisation.files_prefix + "/assets/";
  settings["xapi_version"] = organisation.xapi_version;
  settings["manifest"] = manifest;
  return settings.dump(-1, ' ', true);
}

}  // namespace

// Reads a folder; the first thing that is wrong ends it.
class TrackerFiles::Reader {
 public:
  explicit Reader(fs::path folder) : folder_(std::move(folder)) {}

  Loading read(const std::vector<LoaderSettings>& organisations) {
    const auto manifest_text = read_file(folder_ / "manifest.json");
    if (!manifest_text) return flaw("manifest.json cannot be read");
    const auto manifest = nlohmann::json::parse(*manifest_text, nullptr, false);
    if (!manifest.is_object() || !manifest.contains("files") || !manifest["files"].is_object() ||
        !manifest.contains("loader") || !manifest["loader"].is_string()) {
      return flaw("manifest.json is not the manifest of a built tracker");
    }
    if (manifest["files"].size() > kFilesMax) return flaw("manifest.json names too many files");
    TrackerFiles files;
    for (const auto& [name, about] : manifest["files"].items()) {
      if (!read_asset(name, files)) return flaw(name + " cannot be read");
    }
    const std::string loader_name = manifest["loader"];
    const auto loader =
        is_plain_name(loader_name) ? read_file(folder_ / loader_name) : std::nullopt;
    if (!loader) return flaw("the loader " + loader_name + " cannot be read");
    const auto mark = loader->find(kSettingsMark);
    if (mark == std::string::npos) return flaw(loader_name + " has no place for settings");
    for (const LoaderSettings& organisation : organisations) {
      Loader one;
      one.text = *loader;
      one.text.replace(mark, kSettingsMark.size(), settings_text(organisation, manifest));
      one.etag = etag_of(one.text);
      files.loaders_.emplace(organisation.organisation, std::move(one));
    }
    return {std::move(files), {}};
  }

 private:
  Loading flaw(std::string_view what) const {
    return {std::nullopt, "the tracker's folder \"" + folder_.string() + "\" is not complete: " +
                              std::string(what) + "; build the tracker again"};
  }

  bool read_asset(const std::string& name, TrackerFiles& files) const {
    auto identity = is_plain_name(name) ? read_file(folder_ / name) : std::nullopt;
    if (!identity) return false;
    File file;
    file.content_type = content_type_of(name);
    file.identity = std::move(*identity);
    file.brotli = read_file(folder_ / (name + ".br")).value_or("");
    file.gzip = read_file(folder_ / (name + ".gz")).value_or("");
    files.assets_.emplace(name, std::move(file));
    return true;
  }

  fs::path folder_;
};

TrackerFiles::Loading TrackerFiles::load(const fs::path& folder,
                                         const std::vector<LoaderSettings>& organisations) {
  return Reader(folder).read(organisations);
}

Response TrackerFiles::loader(std::string_view organisation, const Request& request) const {
  const auto found = loaders_.find(organisation);
  if (found == loaders_.end()) return not_found("This relay serves no tracker.");
  Response response;
  response.content_type = "text/javascript; charset=utf-8";
  response.lasting_body = found->second.text;
  response.add("Cache-Control", "public, max-age=300");
  response.add("ETag", found->second.etag);
  if (request.header(Header::IfNoneMatch).find(found->second.etag) != std::string_view::npos) {
    response.status = 304;
    response.content_type = {};
  }
  return response;
}

Response TrackerFiles::asset(std::string_view name, const Request& request) const {
  const auto found = assets_.find(name);
  if (found == assets_.end()) return not_found("The tracker has no such file.");
  const File& file = found->second;
  Response response;
  response.content_type = file.content_type;
  response.lasting_body = file.identity;
  response.add("Cache-Control", "public, max-age=31536000, immutable");
  response.add("Vary", "Accept-Encoding");
  const std::string_view accepted = request.header(Header::AcceptEncoding);
  if (!file.brotli.empty() && accepts(accepted, "br")) {
    response.lasting_body = file.brotli;
    response.add("Content-Encoding", "br");
  } else if (!file.gzip.empty() && accepts(accepted, "gzip")) {
    response.lasting_body = file.gzip;
    response.add("Content-Encoding", "gzip");
  }
  return response;
}

}  // namespace waypost::relay
