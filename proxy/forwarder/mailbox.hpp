#pragma once

#include <functional>
#include <mutex>
#include <vector>

namespace waypost::relay {

// What other threads have to tell the forwarder's. It outlives the forwarder where a callback of
// the store still holds it; then it takes nothing more.
class Mailbox {
 public:
  using Fact = std::function<void()>;

  // `wake` ends the reader's wait; it is not called after close().
  explicit Mailbox(std::function<void()> wake) : wake_(std::move(wake)) {}

  // The reader is woken.
  void post(Fact fact);

  // The reader is woken unless it is about to look by itself.
  void post_soon(Fact fact);

  struct Post {
    std::vector<Fact> facts;
    bool look_again_soon = false;  // the reader must, within kLookAgainMs: it may not be woken
  };

  // What has come, in order.
  Post take();

  void close();

  static constexpr int kLookAgainMs = 5;

 private:
  void add(Fact fact, bool may_wait);

  std::function<void()> wake_;
  std::mutex mutex_;  // guards what follows
  std::vector<Fact> facts_;
  bool reader_looks_soon_ = false;
  bool woken_ = false;
  bool closed_ = false;
};

}  // namespace waypost::relay
