#pragma once

#include <atomic>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <thread>
#include <unordered_set>

#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>

#include "waypost/limits.hpp"

namespace waypost::relay {

class Connection;

// How long a client may take.
struct EdgeTimes {
  std::int64_t head_ms = limits::kRequestHeadMaxMs;
  std::int64_t body_stall_ms = limits::kRequestBodyStallMaxMs;
  std::int64_t body_ms = limits::kRequestBodyMaxMs;
  std::int64_t write_ms = limits::kResponseWriteMaxMs;
  std::int64_t linger_ms = limits::kLingerMaxMs;
  std::int64_t idle_ms = limits::kKeepAliveIdleMs;
};

// What the connections of one server share.
struct EdgeState {
  EdgeTimes times;
  std::atomic<std::size_t> connections{0};
  std::atomic<std::size_t> bodies_bytes{0};  // announced by requests under way
  std::atomic<bool> draining{false};         // every answer closes its connection
};

// One thread with the connections that were given to it; nothing of a connection runs elsewhere.
class Worker {
 public:
  Worker();
  Worker(const Worker&) = delete;
  Worker& operator=(const Worker&) = delete;
  ~Worker();

  boost::asio::io_context& context() { return context_; }

  void start();

  // In the worker's own thread from here on.
  void add(const std::shared_ptr<Connection>& connection);
  void remove(const std::shared_ptr<Connection>& connection);
  void close_idle();
  void close_all();

  // The Date header's value, at most a second old.
  std::string_view date() const { return date_; }

  void stop_and_join();

 private:
  void run();
  void sweep();

  boost::asio::io_context context_{1};
  boost::asio::executor_work_guard<boost::asio::io_context::executor_type> work_;
  boost::asio::steady_timer timer_;
  std::unordered_set<std::shared_ptr<Connection>> connections_;
  std::string date_;
  std::thread thread_;
};

}  // namespace waypost::relay
