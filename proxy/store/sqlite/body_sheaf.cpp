#include "proxy/store/sqlite/body_sheaf.hpp"

#include "proxy/store/sqlite/sqlite_error.hpp"

namespace waypost::relay::sqlite {
namespace {

// Digits, since the SQL that brought the entries of earlier versions here can write no other
// numbers.
constexpr std::size_t kReceivedDigits = 16;
constexpr std::size_t kLengthDigits = 8;
constexpr std::size_t kNumbersBytes = kReceivedDigits + 2 * kLengthDigits;

[[noreturn]] void refuse() {
  throw SqliteError(SQLITE_CORRUPT, 0, "a sheaf of bodies has other contents than it says");
}

std::uint64_t value_of(char digit) {
  if (digit >= '0' && digit <= '9') return static_cast<std::uint64_t>(digit - '0');
  if (digit >= 'a' && digit <= 'f') return static_cast<std::uint64_t>(digit - 'a') + 10;
  refuse();
}

// Takes what is read off the front of `packed`, which is as long at least.
std::uint64_t take_number(std::string_view& packed, std::size_t digits) {
  std::uint64_t number = 0;
  for (const char digit : packed.substr(0, digits)) number = number << 4 | value_of(digit);
  packed.remove_prefix(digits);
  return number;
}

void append_number(std::string& packed, std::uint64_t number, std::size_t digits) {
  for (std::size_t left = digits; left > 0; --left) {
    packed.push_back("0123456789abcdef"[number >> (4 * (left - 1)) & 0xf]);
  }
}

}  // namespace

std::vector<Place> unpack_places(std::string_view packed, std::int64_t entries,
                                 std::size_t bodies_bytes) {
  std::vector<Place> places;
  std::size_t offset = 0;
  while (packed.size() >= kNumbersBytes) {
    Place& place = places.emplace_back();
    place.received = {static_cast<std::int64_t>(take_number(packed, kReceivedDigits))};
    place.offset = offset;
    place.bytes = static_cast<std::uint32_t>(take_number(packed, kLengthDigits));
    const auto lane_bytes = static_cast<std::size_t>(take_number(packed, kLengthDigits));
    if (lane_bytes > packed.size() || place.bytes > bodies_bytes - offset) refuse();
    place.lane = packed.substr(0, lane_bytes);
    packed.remove_prefix(lane_bytes);
    offset += place.bytes;
  }
  const bool is_whole = packed.empty() && offset == bodies_bytes;
  if (!is_whole || static_cast<std::int64_t>(places.size()) != entries) refuse();
  return places;
}

void pack_place(std::string& packed, const NewEntry& entry, Instant received) {
  append_number(packed, static_cast<std::uint64_t>(received.ms), kReceivedDigits);
  append_number(packed, entry.bytes.size(), kLengthDigits);
  append_number(packed, entry.lane.size(), kLengthDigits);
  packed.append(entry.lane);
}

}  // namespace waypost::relay::sqlite
