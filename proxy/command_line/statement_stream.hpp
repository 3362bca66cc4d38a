#pragma once

#include <cstddef>
#include <istream>
#include <optional>
#include <string>
#include <string_view>

#include "waypost/limits.hpp"

namespace waypost::relay {

// A window over a long input: at least kWindowBytes of what lies ahead are in memory, or all of it.
class InputWindow {
 public:
  // More than a statement may have, so that one that is too large is seen to be.
  static constexpr std::size_t kWindowBytes = 2 * limits::kStatementBytesMax;

  explicit InputWindow(std::istream& input) : input_(input) { refill(); }

  // What lies ahead. Until take().
  std::string_view ahead() const { return std::string_view(buffer_).substr(at_); }

  // Nothing follows what is ahead.
  bool is_last() const { return ended_; }

  bool failed() const { return input_.bad(); }

  void take(std::size_t bytes);
  void take_white_space();

  // Passes over everything up to and including the next line feed.
  void take_line();

 private:
  void refill();

  std::istream& input_;
  std::string buffer_;
  std::size_t at_ = 0;
  bool ended_ = false;
};

}  // namespace waypost::relay
