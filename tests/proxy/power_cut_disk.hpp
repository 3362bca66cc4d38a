#pragma once

#include <cstdint>
#include <filesystem>

namespace waypost {

// A disk whose power can be cut: a SQLite VFS around the system's own, the default one while this
// lives. It remembers what each file was at its last sync, and what was written since. One at a
// time.
class PowerCutDisk {
 public:
  PowerCutDisk();
  PowerCutDisk(const PowerCutDisk&) = delete;
  PowerCutDisk& operator=(const PowerCutDisk&) = delete;
  ~PowerCutDisk();

  // Writes, truncations and syncs so far.
  std::uint64_t operations() const;

  // From the operation of this number on, nothing reaches the disk and everything fails.
  void cut_before(std::uint64_t operation);

  // Whether that has come.
  bool is_cut() const;

  // The power comes back, every file being closed: what was synced is there; of what was written
  // since, each sector is kept, dropped or torn as the seed says, and so is each file's length.
  void restore(std::uint64_t seed);
};

}  // namespace waypost
