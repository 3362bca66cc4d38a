#include "proxy/http/server.hpp"

#include <boost/asio/post.hpp>

namespace waypost::relay {
namespace {

std::vector<std::unique_ptr<Worker>> make_workers(std::size_t threads) {
  std::vector<std::unique_ptr<Worker>> workers;
  for (std::size_t i = 0; i < threads; ++i) workers.push_back(std::make_unique<Worker>());
  return workers;
}

}  // namespace

Server::Server(Application& application, std::size_t threads, std::size_t connections_max,
               const EdgeTimes& times)
    : workers_(make_workers(threads)), listener_(workers_, application, state_, connections_max) {
  state_.times = times;
}

Server::~Server() {
  stop();
}

std::string Server::open(const ListenAddress& address) {
  return listener_.open(address);
}

std::string Server::open(const std::filesystem::path& path) {
  return listener_.open(path);
}

void Server::start() {
  listener_.start();
  for (const auto& worker : workers_) worker->start();
}

void Server::drain() {
  state_.draining.store(true);
  boost::asio::post(workers_.front()->context(), [this] { listener_.stop(); });
  for (const auto& worker : workers_) {
    boost::asio::post(worker->context(), [&worker = *worker] { worker.close_idle(); });
  }
}

void Server::stop() {
  for (const auto& worker : workers_) worker->stop_and_join();
}

}  // namespace waypost::relay
