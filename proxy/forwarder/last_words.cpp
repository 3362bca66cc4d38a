#include "proxy/forwarder/last_words.hpp"

#include <algorithm>
#include <cstdint>

#include "waypost/json/text.hpp"
#include "waypost/limits.hpp"

namespace waypost::relay {
namespace {

bool is_control(std::string_view sequence) {
  const auto first = static_cast<std::uint8_t>(sequence.front());
  if (sequence.size() == 1) return first < 0x20 || first == 0x7f;
  return first == 0xc2 && static_cast<std::uint8_t>(sequence[1]) < 0xa0;
}

}  // namespace

std::string readable(std::string_view text, std::size_t bytes_max) {
  std::string out;
  while (!text.empty()) {
    const std::size_t length = json::utf8_length(text);
    std::string_view next = length == 0 ? "?" : text.substr(0, length);
    if (is_control(next)) next = " ";
    if (out.size() + next.size() > bytes_max) break;
    out += next;
    text.remove_prefix(std::max<std::size_t>(length, 1));
  }
  return out;
}

void LastWords::remember(Key key, std::string_view text) {
  std::erase_if(words_, [key](const auto& one) { return one.first == key; });
  if (words_.size() == kRememberedMax) words_.pop_front();
  words_.emplace_back(key, readable(text, limits::kBurialWordsBytesMax));
}

std::string LastWords::of(Key key) const {
  const auto found = std::find_if(words_.begin(), words_.end(),
                                  [key](const auto& one) { return one.first == key; });
  return found == words_.end() ? std::string() : found->second;
}

}  // namespace waypost::relay
