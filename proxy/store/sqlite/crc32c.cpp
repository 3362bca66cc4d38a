#include "proxy/store/sqlite/crc32c.hpp"

#include <array>
#include <bit>
#include <cstring>

namespace waypost::relay::sqlite {
namespace {

constexpr std::uint32_t kPolynomial = 0x82f63b78;  // its bits in reverse
constexpr std::size_t kWordBytes = 8;
constexpr std::size_t kByteValues = 256;

using Tables = std::array<std::array<std::uint32_t, kByteValues>, kWordBytes>;

// tables[n][byte] is what a byte does to the checksum when n more bytes have followed it.
constexpr Tables make_tables() {
  Tables tables{};
  for (std::uint32_t byte = 0; byte < kByteValues; ++byte) {
    std::uint32_t rest = byte;
    for (int bit = 0; bit < 8; ++bit) rest = rest >> 1 ^ ((rest & 1) != 0 ? kPolynomial : 0);
    tables[0][byte] = rest;
  }
  for (std::size_t n = 1; n < kWordBytes; ++n) {
    for (std::size_t byte = 0; byte < kByteValues; ++byte) {
      const std::uint32_t before = tables[n - 1][byte];
      tables[n][byte] = before >> 8 ^ tables[0][before & 0xff];
    }
  }
  return tables;
}

constexpr Tables kTables = make_tables();

std::uint64_t word_at(const std::uint8_t* bytes) {
  std::uint64_t word = 0;
  std::memcpy(&word, bytes, kWordBytes);
  return word;
}

std::uint32_t with_byte(std::uint32_t rest, std::uint8_t byte) {
  return rest >> 8 ^ kTables[0][(rest ^ byte) & 0xff];
}

#if defined(__x86_64__)

__attribute__((target("sse4.2"))) std::uint32_t by_processor(std::uint32_t so_far, Bytes bytes) {
  std::uint64_t rest = ~so_far;
  for (; bytes.size() >= kWordBytes; bytes = bytes.subspan(kWordBytes)) {
    rest = __builtin_ia32_crc32di(rest, word_at(bytes.data()));
  }
  auto last = static_cast<std::uint32_t>(rest);
  for (const std::uint8_t byte : bytes) last = __builtin_ia32_crc32qi(last, byte);
  return ~last;
}

#endif

}  // namespace

std::uint32_t crc32c_by_table(std::uint32_t so_far, Bytes bytes) {
  static_assert(std::endian::native == std::endian::little);
  std::uint32_t rest = ~so_far;
  for (; bytes.size() >= kWordBytes; bytes = bytes.subspan(kWordBytes)) {
    const std::uint64_t word = word_at(bytes.data()) ^ rest;
    rest = 0;
    for (std::size_t i = 0; i < kWordBytes; ++i) {
      rest ^= kTables[kWordBytes - 1 - i][word >> (8 * i) & 0xff];
    }
  }
  for (const std::uint8_t byte : bytes) rest = with_byte(rest, byte);
  return ~rest;
}

std::uint32_t crc32c(std::uint32_t so_far, Bytes bytes) {
#if defined(__x86_64__)
  static const bool is_computed = __builtin_cpu_supports("sse4.2") != 0;
  if (is_computed) return by_processor(so_far, bytes);
#endif
  return crc32c_by_table(so_far, bytes);
}

}  // namespace waypost::relay::sqlite
