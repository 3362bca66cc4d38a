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

// What a human must look at to end a block. The numbers are in stores.
enum class BlockCause : std::uint8_t {
  Unauthorized = 0,  // the key or the secret is not accepted
  Forbidden = 1,     // the key may not store statements
  Endpoint = 2,      // not the answer of an LRS: a wrong URL, or a network in between
  Tls = 3,           // no trustworthy connection: a certificate, a name, a protocol
  Suspect = 4,       // everything is refused, one statement after another
};

// The stable word: "unauthorized", "forbidden", "endpoint", "tls", "suspect".
std::string_view word(BlockCause cause);

}  // namespace waypost::delivery
