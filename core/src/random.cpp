#include "waypost/random.hpp"

namespace waypost {
namespace {

std::uint64_t rotate_left(std::uint64_t value, unsigned by) {
  return (value << by) | (value >> (64U - by));
}

}  // namespace

Random::Random(std::uint64_t seed) {
  for (auto& word : state_) {
    seed += 0x9E3779B97F4A7C15U;
    std::uint64_t mixed = seed;
    mixed = (mixed ^ (mixed >> 30U)) * 0xBF58476D1CE4E5B9U;
    mixed = (mixed ^ (mixed >> 27U)) * 0x94D049BB133111EBU;
    word = mixed ^ (mixed >> 31U);
  }
}

std::uint64_t Random::next() {
  const std::uint64_t result = rotate_left(state_[1] * 5, 7) * 9;
  const std::uint64_t shifted = state_[1] << 17U;
  state_[2] ^= state_[0];
  state_[3] ^= state_[1];
  state_[1] ^= state_[2];
  state_[0] ^= state_[3];
  state_[2] ^= shifted;
  state_[3] = rotate_left(state_[3], 45);
  return result;
}

std::int64_t Random::up_to(std::int64_t bound) {
  if (bound <= 0) return 0;
  const std::uint64_t range = static_cast<std::uint64_t>(bound) + 1;
  // Values below the threshold would make the low results likelier than the high ones.
  const std::uint64_t threshold = (0 - range) % range;
  std::uint64_t drawn = next();
  while (drawn < threshold) drawn = next();
  return static_cast<std::int64_t>(drawn % range);
}

}  // namespace waypost
