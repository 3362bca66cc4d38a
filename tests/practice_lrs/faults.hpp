#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <nlohmann/json_fwd.hpp>

#include "practice_lrs/http.hpp"
#include "waypost/time.hpp"

namespace waypost::practice {

// What goes wrong on demand. With poison_verb, body_bytes_max or method only the requests that
// these concern are hit, otherwise all requests to /xapi/statements.
struct Fault {
  enum class Reset { None, Before, After };

  std::optional<unsigned> status;
  std::optional<std::string> body;
  std::optional<std::string> content_type;
  std::optional<std::string> retry_after;
  std::optional<std::string> location;
  std::optional<std::uint64_t> count;  // requests left to hit; none: until it is cleared
  Duration delay;
  Reset reset = Reset::None;  // before or after storing
  std::optional<std::size_t> body_bytes_max;
  std::optional<std::string> poison_verb;
  std::optional<std::string> method;  // only requests with it are hit

  // Whether the LRS's own answer is replaced.
  bool replaces_answer() const { return status || body || body_bytes_max || poison_verb; }

  // Whether the request must not reach the LRS.
  bool keeps_from_storing() const { return replaces_answer() || reset == Reset::Before; }

  // Whether it is meant for this request.
  bool concerns(const Request& request) const;

  // `own` as this fault spoils it.
  Answer spoil(Answer own) const;
};

class Faults {
 public:
  // One fault or a list of them. Empty, or what is wrong with the description.
  std::string set(std::string_view description);

  void clear() { faults_.clear(); }

  // The first fault that concerns this request, if any; counts it.
  std::optional<Fault> hit(const Request& request);

  // As it was set: {} where there is none, a list where there are several.
  nlohmann::json describe() const;

 private:
  std::vector<Fault> faults_;
};

}  // namespace waypost::practice
