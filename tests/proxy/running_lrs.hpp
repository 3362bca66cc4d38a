#pragma once

#include <cstddef>
#include <map>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include <nlohmann/json.hpp>

#include "practice_lrs/options.hpp"
#include "practice_lrs/server.hpp"

namespace waypost::tests {

// A practice LRS that listens while this lives.
class RunningLrs {
 public:
  explicit RunningLrs(const waypost::practice::Options& options = {});
  RunningLrs(const RunningLrs&) = delete;
  RunningLrs& operator=(const RunningLrs&) = delete;
  ~RunningLrs();

  std::uint16_t port() const { return server_.port(); }

  // Its xAPI endpoint.
  std::string url() const;

  void order_fault(std::string_view description) const;
  void end_fault() const;

  struct Answered {
    unsigned status = 0;
    std::string body;
  };

  // One request to its xAPI side, authorised and with a version unless `headers` say otherwise.
  Answered xapi(std::string_view method, const std::string& target, std::string_view body = {},
                const std::map<std::string, std::string>& headers = {}) const;

  // What it stores, once there are `at_least` statements; README.md of the practice LRS has the
  // form. Waits 20 s at most.
  nlohmann::json statements(std::size_t at_least = 0) const;

  // The requests it has had.
  nlohmann::json requests() const;

 private:
  Answered ask(std::string_view method, const std::string& target, std::string_view body,
               const std::map<std::string, std::string>& headers) const;
  std::string practice(std::string_view method, const std::string& target,
                       std::string_view body = {}) const;

  waypost::practice::Server server_;
  std::thread thread_;
};

// A statement that keeps the rules, and its id.
std::string statement_text(std::string_view id);

// The nth of a list of ids.
std::string statement_id(std::size_t n);

}  // namespace waypost::tests
