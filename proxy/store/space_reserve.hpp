#pragma once

#include <filesystem>
#include <optional>

#include "proxy/store/store.hpp"

namespace waypost::relay {

// Disk space held back in a file of its own. New entries are taken only while it is held; when the
// disk is full it is given up, so that deliveries and checkpoints can still be written and make
// room.
class SpaceReserve {
 public:
  explicit SpaceReserve(std::filesystem::path file) : file_(std::move(file)) {}

  // Nothing when the space is held, now or from before.
  std::optional<StoreError> hold();

  void release();

 private:
  std::filesystem::path file_;
  bool held_ = false;
};

}  // namespace waypost::relay
