#include "waypost/uuid.hpp"

#include <algorithm>

namespace waypost {
namespace {

constexpr std::size_t kTextLength = 36;

constexpr bool is_dash_position(std::size_t at) {
  return at == 8 || at == 13 || at == 18 || at == 23;
}

constexpr std::uint8_t kNoDigit = 0xFF;

constexpr std::array<std::uint8_t, 256> make_hex_values() {
  std::array<std::uint8_t, 256> values{};
  for (auto& value : values) value = kNoDigit;
  for (std::uint8_t i = 0; i < 10; ++i) values[std::size_t{'0'} + i] = i;
  for (std::uint8_t i = 10; i < 16; ++i) {
    values[std::size_t{'a'} + i - 10] = i;
    values[std::size_t{'A'} + i - 10] = i;
  }
  return values;
}

constexpr auto kHexValues = make_hex_values();

}  // namespace

std::optional<Uuid> Uuid::parse(std::string_view text) {
  if (text.size() != kTextLength) return std::nullopt;
  Uuid uuid;
  unsigned wrong = 0;
  std::size_t at = 0;
  for (std::uint8_t& byte : uuid.bytes) {
    if (is_dash_position(at) && text[at++] != '-') return std::nullopt;
    const unsigned high = kHexValues[static_cast<unsigned char>(text[at++])];
    const unsigned low = kHexValues[static_cast<unsigned char>(text[at++])];
    wrong |= high | low;
    byte = static_cast<std::uint8_t>((high << 4U) | low);
  }
  if (wrong > 0x0F) return std::nullopt;
  return uuid;
}

Uuid Uuid::version_4(std::span<const std::uint8_t, 16> random) {
  Uuid uuid;
  std::copy(random.begin(), random.end(), uuid.bytes.begin());
  uuid.bytes[6] = static_cast<std::uint8_t>((uuid.bytes[6] & 0x0FU) | 0x40U);
  uuid.bytes[8] = static_cast<std::uint8_t>((uuid.bytes[8] & 0x3FU) | 0x80U);
  return uuid;
}

std::string Uuid::text() const {
  static constexpr std::string_view kDigits = "0123456789abcdef";
  std::string text(kTextLength, '-');
  std::size_t at = 0;
  for (const std::uint8_t byte : bytes) {
    if (is_dash_position(at)) ++at;
    text[at++] = kDigits[byte >> 4U];
    text[at++] = kDigits[byte & 0x0FU];
  }
  return text;
}

}  // namespace waypost
