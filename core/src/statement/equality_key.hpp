#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string_view>

namespace waypost::statement {

// The name of a member in its one shortest spelling, with its quotes. Its first eight characters
// and the quote that may be among them stand beside it as a number, so that two names seldom have
// to be compared otherwise.
class Key {
 public:
  static constexpr std::size_t kStart = sizeof(std::uint64_t);

  Key() = default;

  // The key is the first `size` bytes of `text`, at least one. That there are more makes it faster.
  constexpr Key(std::string_view text, std::size_t size)
      : text_(text.substr(0, size)), start_(start_of(text.substr(1), size - 1)) {}

  constexpr std::string_view text() const { return text_; }

  constexpr std::uint64_t start() const { return start_; }

  friend constexpr bool operator==(const Key& left, const Key& right) {
    return left.start_ == right.start_ &&
           (left.text_.size() <= kStart + 1 || left.text_ == right.text_);
  }

  // In the order of their bytes.
  friend constexpr bool operator<(const Key& left, const Key& right) {
    return left.start_ != right.start_ ? left.start_ < right.start_ : left.text_ < right.text_;
  }

 private:
  // What is missing of eight bytes is zero, which no key holds.
  static constexpr std::uint64_t start_of(std::string_view text, std::size_t size) {
    const std::size_t count = std::min(size, kStart);
    std::uint64_t start = 0;
    if (text.size() >= kStart) {
      const char* const at = text.data();
      const auto byte = [&](std::size_t i) {
        return std::uint64_t{static_cast<unsigned char>(at[i])} << (56 - 8 * i);
      };
      start = byte(0) | byte(1) | byte(2) | byte(3) | byte(4) | byte(5) | byte(6) | byte(7);
      return count == 0 ? 0 : start & (~std::uint64_t{0} << (64 - 8 * count));
    }
    for (std::size_t i = 0; i < count; ++i) {
      start |= std::uint64_t{static_cast<unsigned char>(text[i])} << (56 - 8 * i);
    }
    return start;
  }

  std::string_view text_;
  std::uint64_t start_ = 0;
};

}  // namespace waypost::statement
