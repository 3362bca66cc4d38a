#include "proxy/http/worker.hpp"

#include <array>
#include <ctime>
#include <exception>
#include <vector>

#include "proxy/http/connection.hpp"
#include "proxy/operations/clock.hpp"
#include "proxy/operations/log.hpp"

namespace waypost::relay {
namespace {

// How late a connection's deadline may be noticed. One timer for all of them costs less than one
// for each read.
constexpr std::chrono::milliseconds kSweepInterval{250};

std::string http_date(std::time_t at) {
  std::tm parts{};
  gmtime_r(&at, &parts);
  std::array<char, 40> text{};
  const auto length = std::strftime(text.data(), text.size(), "%a, %d %b %Y %H:%M:%S GMT", &parts);
  return {text.data(), length};
}

}  // namespace

Worker::Worker() : work_(context_.get_executor()), timer_(context_) {
  date_ = http_date(static_cast<std::time_t>(system_now().ms / 1000));
}

Worker::~Worker() {
  stop_and_join();
}

void Worker::start() {
  sweep();
  thread_ = std::thread([this] { run(); });
}

void Worker::run() {
  for (;;) {
    try {
      context_.run();
      return;
    } catch (const std::exception& error) {
      // Of all that runs here only memory can fail; the other connections go on.
      log(LogLevel::Error, "connection failed", {{"reason", std::string_view(error.what())}});
    }
  }
}

void Worker::sweep() {
  date_ = http_date(static_cast<std::time_t>(system_now().ms / 1000));
  const auto now = steady_now();
  const std::vector<std::shared_ptr<Connection>> all(connections_.begin(), connections_.end());
  for (const auto& connection : all) connection->expire(now);
  timer_.expires_after(kSweepInterval);
  timer_.async_wait([this](const boost::system::error_code& error) {
    if (!error) sweep();
  });
}

void Worker::add(const std::shared_ptr<Connection>& connection) {
  connections_.insert(connection);
}

void Worker::remove(const std::shared_ptr<Connection>& connection) {
  connections_.erase(connection);
}

void Worker::close_idle() {
  const std::vector<std::shared_ptr<Connection>> all(connections_.begin(), connections_.end());
  for (const auto& connection : all) connection->close_if_idle();
}

void Worker::close_all() {
  const std::vector<std::shared_ptr<Connection>> all(connections_.begin(), connections_.end());
  for (const auto& connection : all) connection->close();
}

void Worker::stop_and_join() {
  context_.stop();
  if (thread_.joinable()) thread_.join();
}

}  // namespace waypost::relay
