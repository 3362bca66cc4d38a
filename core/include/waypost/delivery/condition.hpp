#pragma once

#include <cstdint>
#include <string_view>

namespace waypost::delivery {

// What is wrong with a destination; one list for JS events, metrics, alerts and the console. The
// numbers are in the ABI.
enum class Condition : std::uint8_t {
  Outage = 0,   // the next hop does not answer, or says it cannot now
  Blocked = 1,  // the next hop's answer needs a human
};

// The stable word: "outage", "blocked".
std::string_view word(Condition condition);

}  // namespace waypost::delivery
