#include "proxy/store/sqlite/id_filter.hpp"

namespace waypost::relay::sqlite {
namespace {

// Odd numbers that spread the low half of a hash over the words of a block; those of Parquet.
constexpr std::array<std::uint32_t, 8> kSalts = {0x47b6137bU, 0x44974d91U, 0x8824ad5bU,
                                                 0xa2b7289dU, 0x705495c7U, 0x2df1424bU,
                                                 0x9efc4947U, 0x5c6bfb31U};

}  // namespace

IdFilter::IdFilter(std::size_t bytes) : blocks_(bytes / sizeof(Block)) {}

// One bit in each word, by the low half of the hash; the high half says which block.
IdFilter::Block IdFilter::bits_of(std::uint64_t hash) {
  const auto low = static_cast<std::uint32_t>(hash);
  Block bits;
  for (std::size_t i = 0; i < kSalts.size(); ++i) bits.words[i] = 1U << ((low * kSalts[i]) >> 27);
  return bits;
}

std::size_t IdFilter::place_of(std::uint64_t hash) const {
  return static_cast<std::size_t>((hash >> 32) * blocks_.size() >> 32);
}

void IdFilter::add(std::uint64_t hash) {
  Block& block = blocks_[place_of(hash)];
  const Block bits = bits_of(hash);
  for (std::size_t i = 0; i < kSalts.size(); ++i) block.words[i] |= bits.words[i];
  ++count_;
}

bool IdFilter::may_hold(std::uint64_t hash) const {
  const Block& block = blocks_[place_of(hash)];
  const Block bits = bits_of(hash);
  std::uint32_t missing = 0;
  for (std::size_t i = 0; i < kSalts.size(); ++i) missing |= bits.words[i] & ~block.words[i];
  return missing == 0;
}

}  // namespace waypost::relay::sqlite
