#include "proxy/store/sqlite/owned_id.hpp"

#include <cstring>

#include "proxy/operations/random.hpp"

namespace waypost::relay::sqlite {
namespace {

std::uint64_t eight_bytes(const Uuid& id, std::size_t from) {
  std::uint64_t number = 0;
  std::memcpy(&number, id.bytes.data() + from, sizeof(number));
  return number;
}

// Every bit of `number` has a part in every bit of what comes out.
std::uint64_t mixed(std::uint64_t number) {
  number = (number ^ number >> 30) * 0xbf58476d1ce4e5b9ULL;
  number = (number ^ number >> 27) * 0x94d049bb133111ebULL;
  return number ^ number >> 31;
}

}  // namespace

OwnedIdHash::OwnedIdHash() : secret_{random_number(), random_number(), random_number()} {}

std::size_t OwnedIdHash::operator()(const OwnedId& id) const noexcept {
  std::uint64_t hash = mixed(secret_[0] ^ id.organisation);
  hash = mixed((hash + secret_[1]) ^ eight_bytes(id.id, 0));
  return mixed((hash + secret_[2]) ^ eight_bytes(id.id, 8));
}

}  // namespace waypost::relay::sqlite
