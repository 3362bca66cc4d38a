#pragma once

#include <cstdint>

#include "proxy/store/store.hpp"

// How a key is made: organisation << 40 | sequence. So the entries of an organisation lie together
// in order of arrival, and what is delivered leaves by range.
namespace waypost::relay::sqlite {

inline constexpr int kSequenceBits = 40;  // a million a second for 12 days, each organisation
inline constexpr OrganisationId kOrganisationMax = (1U << (63 - kSequenceBits)) - 1;

// From first to last, both included; empty when last < first.
struct KeyRange {
  Key first = 0;
  Key last = -1;

  bool empty() const { return last < first; }

  bool contains(Key key) const { return first <= key && key <= last; }

  std::int64_t count() const { return empty() ? 0 : last - first + 1; }
};

// The key before an organisation's first entry.
constexpr Key key_before_all(OrganisationId organisation) {
  return Key{organisation} << kSequenceBits;
}

constexpr Key key_after_all(OrganisationId organisation) {
  return (Key{organisation} + 1) << kSequenceBits;
}

}  // namespace waypost::relay::sqlite
