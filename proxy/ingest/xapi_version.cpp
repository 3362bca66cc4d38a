#include "proxy/ingest/xapi_version.hpp"

#include <algorithm>

namespace waypost::relay {
namespace {

// "1.0", or "1.0." and digits.
bool is_of(std::string_view text, std::string_view major_minor) {
  if (text.substr(0, major_minor.size()) != major_minor) return false;
  const std::string_view patch = text.substr(major_minor.size());
  if (patch.empty()) return true;
  const std::string_view digits = patch.substr(1);
  return patch[0] == '.' && !digits.empty() && digits.size() <= 3 &&
         std::all_of(digits.begin(), digits.end(), [](char c) { return c >= '0' && c <= '9'; });
}

}  // namespace

std::optional<statement::Version> parse_xapi_version(std::string_view header) {
  if (is_of(header, "1.0")) return statement::Version::V1_0_3;
  if (is_of(header, "2.0")) return statement::Version::V2_0_0;
  return std::nullopt;
}

std::string_view xapi_version_text(statement::Version version) {
  return version == statement::Version::V1_0_3 ? "1.0.3" : "2.0.0";
}

}  // namespace waypost::relay
