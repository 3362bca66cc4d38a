#include "proxy/forwarder/mailbox.hpp"

#include <utility>

namespace waypost::relay {

void Mailbox::post(Fact fact) {
  add(std::move(fact), false);
}

void Mailbox::post_soon(Fact fact) {
  add(std::move(fact), true);
}

void Mailbox::add(Fact fact, bool may_wait) {
  const std::lock_guard lock(mutex_);
  if (closed_) return;
  facts_.push_back(std::move(fact));
  if (woken_ || (may_wait && reader_looks_soon_)) return;
  woken_ = true;
  wake_();
}

// Under load every commit brings facts: then the reader looks every few milliseconds instead of
// being woken, and interrupting the commits, for each.
Mailbox::Post Mailbox::take() {
  const std::lock_guard lock(mutex_);
  Post post;
  post.facts = std::exchange(facts_, {});
  post.look_again_soon = reader_looks_soon_ = !post.facts.empty();
  woken_ = false;
  return post;
}

void Mailbox::close() {
  const std::lock_guard lock(mutex_);
  closed_ = true;
  facts_.clear();
}

}  // namespace waypost::relay
