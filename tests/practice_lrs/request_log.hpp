#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>

#include <nlohmann/json.hpp>

#include "practice_lrs/http.hpp"
#include "waypost/time.hpp"

namespace waypost::practice {

// The latest requests to the xAPI side, without their secrets and bodies.
class RequestLog {
 public:
  void add(const Request& request, std::size_t statements, const Answer& answer, Instant now);

  void clear() { lines_.clear(); }

  // {"total", "requests": [...]}, oldest first.
  nlohmann::json describe() const;

 private:
  std::uint64_t total_ = 0;
  std::deque<nlohmann::json> lines_;
};

}  // namespace waypost::practice
