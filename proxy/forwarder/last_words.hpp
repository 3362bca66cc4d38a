#pragma once

#include <cstddef>
#include <deque>
#include <string>
#include <string_view>
#include <utility>

#include "proxy/store/store.hpp"

namespace waypost::relay {

// What the LRS said of entries that it refused alone, until they are buried or not: a burial often
// follows at once, sometimes a few answers later.
class LastWords {
 public:
  // `text` is from outside; what of it is no UTF-8 or no character for the eye is replaced.
  void remember(Key key, std::string_view text);

  // Empty where nothing is remembered.
  std::string of(Key key) const;

 private:
  static constexpr std::size_t kRememberedMax = 8;

  std::deque<std::pair<Key, std::string>> words_;
};

// At most bytes_max of a text from outside, as UTF-8 without control characters.
std::string readable(std::string_view text, std::size_t bytes_max);

}  // namespace waypost::relay
