#pragma once

#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "proxy/http/request.hpp"
#include "proxy/http/response.hpp"

namespace waypost::relay {

// What the loader tells the pages of one organisation; all of it is public.
struct LoaderSettings {
  std::string organisation;
  std::string files_prefix;  // where /assets/ is
  std::string prefix;        // of the organisation's own paths, /post and /xapi/
  std::string self_declared_home_page;
  std::string_view xapi_version;  // static storage
};

// The built tracker, read into memory once at start and served from there: a loader that carries an
// organisation's public settings and lives shortly, and files that never change under their names.
//
// The folder holds manifest.json, {"version","loader","files":{name:{...}}}, the files it names,
// and their precompressed siblings (.br, .gz).
class TrackerFiles {
 public:
  TrackerFiles() = default;  // of a relay without a tracker

  struct Loading;

  // Everything or a sentence about what is wrong.
  static Loading load(const std::filesystem::path& folder,
                      const std::vector<LoaderSettings>& organisations);

  // Answers to GET and HEAD; responses point into this object.
  Response loader(std::string_view organisation, const Request& request) const;
  Response asset(std::string_view name, const Request& request) const;

 private:
  struct File {
    std::string_view content_type;
    std::string identity;
    std::string brotli;  // empty where there is none
    std::string gzip;    // likewise
  };

  struct Loader {
    std::string text;
    std::string etag;
  };

  class Reader;

  std::map<std::string, File, std::less<>> assets_;
  std::map<std::string, Loader, std::less<>> loaders_;  // by organisation
};

struct TrackerFiles::Loading {
  std::optional<TrackerFiles> files;
  std::string flaw;
};

}  // namespace waypost::relay
