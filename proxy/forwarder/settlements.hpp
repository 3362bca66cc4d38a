#pragma once

#include <cstddef>
#include <optional>
#include <vector>

#include "proxy/forwarder/surroundings.hpp"
#include "proxy/store/store.hpp"

namespace waypost::relay {

// Has verdicts written down, again and again where the store fails: until then a restart would send
// the same statements once more. In the forwarder's thread.
class Settlements {
 public:
  Settlements(DestinationId destination, Surroundings& surroundings)
      : destination_(destination), surroundings_(surroundings) {}

  void delivered(std::vector<Key> keys);
  void deferred(const std::vector<Key>& keys, Instant until);
  void already_there(Key key);
  void buried(Burial burial);
  void blocked(std::optional<delivery::BlockCause> cause);

  // Tries again what failed, when that is due.
  void tick(Instant now);

  // Nothing when nothing failed.
  std::optional<Instant> next_wakeup() const;

  // Everything is on disk.
  bool is_done() const { return under_way_ == 0 && failed_.empty(); }

 private:
  void settle(Settlement settlement);
  void settled(Settlement settlement, const std::optional<StoreError>& error);

  DestinationId destination_;
  Surroundings& surroundings_;
  std::size_t under_way_ = 0;
  std::vector<Settlement> failed_;
  Instant retry_at_;
};

}  // namespace waypost::relay
