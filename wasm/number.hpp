#pragma once

#include <cstdint>
#include <limits>
#include <optional>

namespace waypost::wasm {

// A JavaScript number as an integer, cut towards zero; nothing for NaN and for what a double does
// not hold exactly, because converting those is undefined.
inline std::optional<std::int64_t> integer_of(double number) {
  constexpr double kExactMax = 9007199254740992.0;  // 2^53
  if (!(number >= -kExactMax && number <= kExactMax)) return std::nullopt;
  return static_cast<std::int64_t>(number);
}

// The same, from 0 to the greatest Number.
template <typename Number>
std::optional<Number> unsigned_of(double number) {
  if (!(number >= 0 && number <= static_cast<double>(std::numeric_limits<std::uint32_t>::max()))) {
    return std::nullopt;
  }
  return static_cast<Number>(number);
}

// A JavaScript number as an enumerator, of which Last has the greatest value.
template <typename Enum>
std::optional<Enum> enumerator_of(double number, Enum last) {
  if (!(number >= 0 && number <= static_cast<double>(last))) return std::nullopt;
  return static_cast<Enum>(static_cast<std::uint8_t>(number));
}

}  // namespace waypost::wasm
