#pragma once

#include <cstdint>
#include <string_view>

namespace waypost::delivery {

// Why an entry was set aside for a human. The numbers are in stores and in the ABI and never change
// meaning.
enum class BurialReason : std::uint8_t {
  Refused = 0,      // the next hop refused it alone, by its content
  TooLarge = 1,     // it is too large for the next hop, alone
  ServerError = 2,  // it alone fails there, again and again, while others pass
  Conflict = 3,     // the next hop has another statement with its id
  Unresolved = 4,   // the next hop says it has its id, and does not show it
  Forbidden = 5,    // the key may send others, but not this one
  Damaged = 6,      // what is stored of it is not what was written; it was not sent
};

// The stable word: "refused", "too-large", "server-error", "conflict", "unresolved", "forbidden",
// "damaged".
std::string_view word(BurialReason reason);

}  // namespace waypost::delivery
