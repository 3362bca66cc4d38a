#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <vector>

namespace waypost::relay::sqlite {

// Knows of nearly every id that was never added that it was not: a Bloom filter, in memory. All
// bits of an id lie in one block, so that to ask costs one line of the processor's cache (the split
// block filter of Apache Parquet). Nothing can be taken out again.
class IdFilter {
 public:
  // `bytes`: a multiple of 32, at least once that.
  explicit IdFilter(std::size_t bytes);

  // Hashes of 64 bits, all of which depend on all bits of the id.
  void add(std::uint64_t hash);

  // False: it was not added. True: it was, or is one of those few that look as if.
  bool may_hold(std::uint64_t hash) const;

  // How many were added, and beyond how many it takes more than about one in a hundred for added.
  std::size_t count() const { return count_; }

  std::size_t capacity() const { return capacity_of(blocks_.size() * sizeof(Block)); }

  static constexpr std::size_t capacity_of(std::size_t bytes) { return bytes * 8 / kBitsPerId; }

 private:
  static constexpr std::size_t kBitsPerId = 10;

  struct alignas(32) Block {
    std::array<std::uint32_t, 8> words{};
  };

  static Block bits_of(std::uint64_t hash);
  std::size_t place_of(std::uint64_t hash) const;

  std::vector<Block> blocks_;
  std::size_t count_ = 0;
};

}  // namespace waypost::relay::sqlite
