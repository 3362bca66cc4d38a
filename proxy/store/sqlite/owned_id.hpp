#pragma once

#include <array>
#include <compare>
#include <cstddef>
#include <cstdint>

#include "proxy/store/store.hpp"

namespace waypost::relay::sqlite {

// A statement id and whose it is: two organisations may have used the same.
struct OwnedId {
  OrganisationId organisation = 0;
  Uuid id;

  friend auto operator<=>(const OwnedId&, const OwnedId&) = default;
};

// Whoever sends chooses ids, and must not choose those that meet in one place of a table: each hash
// has a secret of its own.
class OwnedIdHash {
 public:
  using is_avalanching = void;  // every bit of an id changes every bit of the hash

  OwnedIdHash();
  std::size_t operator()(const OwnedId& id) const noexcept;

 private:
  std::array<std::uint64_t, 3> secret_;
};

}  // namespace waypost::relay::sqlite
