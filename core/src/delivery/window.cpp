#include "waypost/delivery/window.hpp"

#include <algorithm>
#include <utility>

namespace waypost::delivery {
namespace {

bool is_before(const Waiting& waiting, Key key) {
  return waiting.entry.key < key;
}

}  // namespace

bool Window::insert(Waiting waiting) {
  const Key key = waiting.entry.key;
  if (entries_.empty() || entries_.back().entry.key < key) {
    entries_.push_back(std::move(waiting));
    return true;
  }
  const auto at = std::lower_bound(entries_.begin(), entries_.end(), key, is_before);
  if (at != entries_.end() && at->entry.key == key) return false;
  entries_.insert(at, std::move(waiting));
  return true;
}

Waiting* Window::find(Key key) {
  const auto at = std::lower_bound(entries_.begin(), entries_.end(), key, is_before);
  return at != entries_.end() && at->entry.key == key ? &*at : nullptr;
}

void Window::remove(std::span<const Key> keys) {
  auto next = keys.begin();
  // What leaves is mostly what came first; only the rest needs a walk through the window.
  while (next != keys.end() && !entries_.empty() && entries_.front().entry.key == *next) {
    entries_.pop_front();
    ++next;
  }
  if (next == keys.end()) return;
  std::erase_if(entries_, [&](const Waiting& waiting) {
    while (next != keys.end() && *next < waiting.entry.key) ++next;
    return next != keys.end() && *next == waiting.entry.key;
  });
}

}  // namespace waypost::delivery
