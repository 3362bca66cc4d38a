#pragma once

#include <array>
#include <compare>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace waypost {

// A UUID as its 16 bytes (RFC 4122): what identifies a statement within an organisation, however
// its hexadecimal digits were spelt.
struct Uuid {
  std::array<std::uint8_t, 16> bytes{};

  // Any version and variant in the 8-4-4-4-12 form, either case; nothing for anything else.
  static std::optional<Uuid> parse(std::string_view text);

  // A version 4 UUID from 16 bytes of the edge's own randomness.
  static Uuid version_4(std::span<const std::uint8_t, 16> random);

  // 36 characters, lower case.
  std::string text() const;

  // Not auto: the WASM build's library has no <=> of arrays, and this is made of == and <.
  friend std::strong_ordering operator<=>(const Uuid&, const Uuid&) = default;
};

}  // namespace waypost
