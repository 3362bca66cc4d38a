#pragma once

#include <array>
#include <cstdint>

namespace waypost {

// A seeded generator (xoshiro256**, seeded by splitmix64) for jitter. Not for secrets or ids.
class Random {
 public:
  explicit Random(std::uint64_t seed);

  std::uint64_t next();

  // Uniform in [0, bound]; bound >= 0.
  std::int64_t up_to(std::int64_t bound);

 private:
  std::array<std::uint64_t, 4> state_{};
};

}  // namespace waypost
