#pragma once

#include <cstddef>
#include <memory>
#include <string>
#include <unordered_map>

#include "waypost/delivery/outcome.hpp"
#include "waypost/uuid.hpp"

namespace waypost::relay {

// Destinations of one organisation share them.
using SharedBody = std::shared_ptr<const std::string>;

// Bodies of entries that the engine holds, so that no batch has to wait for the store. Full, it
// takes no more: what is sent first came first.
class BodyCache {
 public:
  struct Cached {
    Uuid id;
    SharedBody body;
  };

  explicit BodyCache(std::size_t bytes_max) : bytes_max_(bytes_max) {}

  void insert(delivery::Key key, const Uuid& id, SharedBody body);

  // Null when it is not here. Until the next call that is not const.
  const Cached* find(delivery::Key key) const;

  void remove(delivery::Key key);

  // So many bytes of bodies it takes still, or a few less.
  std::size_t room() const { return bytes_max_ - bytes_; }

 private:
  std::size_t bytes_max_;
  std::size_t bytes_ = 0;
  delivery::Key removed_through_ = 0;
  std::unordered_map<delivery::Key, Cached> bodies_;
};

}  // namespace waypost::relay
