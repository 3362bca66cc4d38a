#include "proxy/forwarder/last_words.hpp"

#include <algorithm>
#include <cstdint>

#include "waypost/limits.hpp"

namespace waypost::relay {
namespace {

// Bytes of the UTF-8 sequence that the text begins with; 0 for none (RFC 3629 section 4).
std::size_t sequence_length(std::string_view text) {
  const auto byte = [&](std::size_t at) { return static_cast<std::uint8_t>(text[at]); };
  const std::uint8_t first = byte(0);
  if (first < 0x80) return 1;
  std::size_t length = 0;
  if (first >= 0xc2 && first <= 0xdf) length = 2;
  if (first >= 0xe0 && first <= 0xef) length = 3;
  if (first >= 0xf0 && first <= 0xf4) length = 4;
  if (length == 0 || text.size() < length) return 0;
  std::uint8_t least = 0x80;
  std::uint8_t most = 0xbf;
  if (first == 0xe0) least = 0xa0;
  if (first == 0xed) most = 0x9f;
  if (first == 0xf0) least = 0x90;
  if (first == 0xf4) most = 0x8f;
  if (byte(1) < least || byte(1) > most) return 0;
  for (std::size_t at = 2; at < length; ++at) {
    if (byte(at) < 0x80 || byte(at) > 0xbf) return 0;
  }
  return length;
}

bool is_control(std::string_view sequence) {
  const auto first = static_cast<std::uint8_t>(sequence.front());
  if (sequence.size() == 1) return first < 0x20 || first == 0x7f;
  return first == 0xc2 && static_cast<std::uint8_t>(sequence[1]) < 0xa0;
}

}  // namespace

std::string readable(std::string_view text, std::size_t bytes_max) {
  std::string out;
  while (!text.empty()) {
    const std::size_t length = sequence_length(text);
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
