#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "proxy/store/store.hpp"
#include "waypost/statement/validate.hpp"
#include "waypost/time.hpp"

// From a statement as it was received to the bytes that are fixed for good.
namespace waypost::relay {

struct AcceptanceRules {
  statement::Version version = statement::Version::V1_0_3;
  std::string_view self_declared_home_page;
  Instant received;
  Duration clock_offset;         // of the page; what must be added to its timestamps
  bool fill_missing = false;     // an id and a timestamp, where the statement has none
  std::optional<Uuid> given_id;  // what to fill in as id, instead of a new one
};

struct Acceptance {
  std::optional<NewEntry> entry;  // or violations
  std::vector<statement::Violation> violations;
  std::string id;  // as received, or as given to it here; empty where it is unknown
};

// The rules that a statement is read by before it is stamped.
statement::Rules unstamped_rules(statement::Version version);

// `validation` is what unstamped_rules() gave for the statement, with positions in `text`.
// `received` is the text that was received for it: the statement itself, or the event that it was
// completed from.
Acceptance accept(std::string_view text, const statement::Validation& validation,
                  std::string_view received, const AcceptanceRules& rules);

// That it has no id, or no timestamp, of its own.
statement::Violation missing_id();
statement::Violation missing_timestamp();

Acceptance refused(statement::Violation violation, std::string id);

// Longer ids are not told back.
inline constexpr std::size_t kEchoedIdBytesMax = 128;

// The id of a statement or event as received, where it has one that is a string.
std::string id_as_received(std::string_view text, const statement::Outline& outline);

}  // namespace waypost::relay
