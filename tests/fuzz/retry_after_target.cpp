#include <algorithm>
#include <regex>
#include <string>

#include <curl/curl.h>

#include "fuzz/target.hpp"
#include "waypost/delivery/retry_after.hpp"
#include "waypost/limits.hpp"

namespace waypost::fuzz {
namespace {

constexpr Instant kNow{1'795'000'000'000};  // Wed, 18 Nov 2026 11:06:40 GMT

bool is_number(std::string_view value) {
  return value.find_first_not_of("0123456789 \t") == std::string_view::npos;
}

// 26 and 0026.
bool has_short_year(std::string_view value) {
  static const std::regex kShortYear(" 00\\d\\d(\\s|$)");
  return value.find('-') != std::string_view::npos ||
         std::regex_search(value.begin(), value.end(), kShortYear);
}

// curl takes more dates than RFC 9110, reads short years differently, and gives -1 for what it
// cannot read.
void check_date(const std::string& value, Duration wait) {
  if (has_short_year(value)) return;
  const Instant at{curl_getdate(value.c_str(), nullptr) * 1000};
  require(wait.ms == std::clamp<std::int64_t>((at - kNow).ms, 0, limits::kRetryAfterMaxMs),
          "a date is the same instant to curl");
}

}  // namespace

void read_retry_after(std::string_view input) {
  const auto wait = delivery::parse_retry_after(input, kNow);
  if (!wait) return;
  require(wait->ms >= 0 && wait->ms <= limits::kRetryAfterMaxMs, "a wait has its bounds");
  if (!is_number(input)) check_date(std::string(input), *wait);
}

}  // namespace waypost::fuzz
