// One program for all targets: WAYPOST_FUZZ_TARGET says which.
#include <cstdint>
#include <cstdlib>

#include "fuzz/target.hpp"

namespace {

const waypost::fuzz::Target& chosen_target() {
  const char* name = std::getenv("WAYPOST_FUZZ_TARGET");
  for (const waypost::fuzz::Target& target : waypost::fuzz::targets()) {
    if (name != nullptr && target.name == name) return target;
  }
  std::fprintf(stderr, "WAYPOST_FUZZ_TARGET is one of:");
  for (const auto& target : waypost::fuzz::targets())
    std::fprintf(stderr, " %s", target.name.data());
  std::fprintf(stderr, "\n");
  std::exit(2);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const waypost::fuzz::Target& target = chosen_target();
  target.run({reinterpret_cast<const char*>(data), size});
  return 0;
}
