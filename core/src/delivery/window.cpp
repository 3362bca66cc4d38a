#include "waypost/delivery/window.hpp"

#include <utility>

namespace waypost::delivery {

bool Window::insert(Waiting&& waiting) {
  const Key key = waiting.entry.key;
  return entries_.try_emplace(key, std::move(waiting)).second;
}

Waiting* Window::find(Key key) {
  const auto at = entries_.find(key);
  return at == entries_.end() ? nullptr : &at->second;
}

void Window::remove(std::span<const Key> keys) {
  for (const Key key : keys) entries_.erase(key);
}

}  // namespace waypost::delivery
