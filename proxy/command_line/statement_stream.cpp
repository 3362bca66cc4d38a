#include "proxy/command_line/statement_stream.hpp"

#include <algorithm>

namespace waypost::relay {
namespace {

constexpr std::size_t kReadBytes = 1 * limits::kMiB;
constexpr std::string_view kWhiteSpace = " \t\r\n";

}  // namespace

void InputWindow::refill() {
  if (ended_ || buffer_.size() - at_ >= kWindowBytes) return;
  buffer_.erase(0, at_);
  at_ = 0;
  while (!ended_ && buffer_.size() < kWindowBytes) {
    const std::size_t size = buffer_.size();
    buffer_.resize(size + kReadBytes);
    input_.read(buffer_.data() + size, static_cast<std::streamsize>(kReadBytes));
    buffer_.resize(size + static_cast<std::size_t>(input_.gcount()));
    ended_ = !input_.good();
  }
}

void InputWindow::take(std::size_t bytes) {
  at_ += std::min(bytes, buffer_.size() - at_);
  refill();
}

void InputWindow::take_white_space() {
  for (;;) {
    const auto first = ahead().find_first_not_of(kWhiteSpace);
    if (first != std::string_view::npos) return take(first);
    take(ahead().size());
    if (ahead().empty()) return;
  }
}

void InputWindow::take_line() {
  for (;;) {
    const auto feed = ahead().find('\n');
    if (feed != std::string_view::npos) return take(feed + 1);
    take(ahead().size());
    if (ahead().empty()) return;
  }
}

}  // namespace waypost::relay
