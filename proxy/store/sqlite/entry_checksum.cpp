#include "proxy/store/sqlite/entry_checksum.hpp"

#include <array>

#include "proxy/store/sqlite/crc32c.hpp"

namespace waypost::relay::sqlite {
namespace {

constexpr std::size_t kChecksumBytes = checksum_bytes(1);
constexpr unsigned kByteBits = 8;

template <typename Byte>
void put(std::uint64_t number, std::size_t bytes, Byte* to) {
  for (std::size_t i = 0; i < bytes; ++i) to[i] = static_cast<Byte>(number >> (kByteBits * i));
}

}  // namespace

std::uint32_t checksum_of(const StoredEntry& entry) {
  // The lane's length too, lest a byte pass from it to the body.
  std::array<std::uint8_t, 3 * sizeof(std::uint64_t)> numbers{};
  put(static_cast<std::uint64_t>(entry.key), sizeof(std::uint64_t), numbers.data());
  put(static_cast<std::uint64_t>(entry.received.ms), sizeof(std::uint64_t), numbers.data() + 8);
  put(entry.lane.size(), sizeof(std::uint64_t), numbers.data() + 16);
  std::uint32_t checksum = crc32c(0, numbers);
  checksum = crc32c(checksum, entry.arrival);
  checksum = crc32c(checksum, bytes_of_text(entry.lane));
  return crc32c(checksum, bytes_of_text(entry.body));
}

void pack_checksum(std::string& packed, std::uint32_t checksum) {
  std::array<char, kChecksumBytes> bytes{};
  put(checksum, kChecksumBytes, bytes.data());
  packed.append(bytes.data(), bytes.size());
}

std::uint32_t unpack_checksum(std::string_view packed, std::size_t index) {
  std::uint32_t checksum = 0;
  for (std::size_t i = kChecksumBytes; i > 0; --i) {
    const auto byte = static_cast<std::uint8_t>(packed[index * kChecksumBytes + i - 1]);
    checksum = checksum << kByteBits | byte;
  }
  return checksum;
}

}  // namespace waypost::relay::sqlite
