#pragma once

#include <cstddef>
#include <cstdint>
#include <string>

namespace waypost::practice {

struct Options {
  std::string address = "127.0.0.1";
  std::uint16_t port = 0;  // 0: a free one
  std::string api_key = "practice-key";
  std::string api_secret = "practice-secret";
  bool accept_all = false;  // store what breaks statement rules too
  std::string store_file;   // empty: statements live as long as the program
  std::size_t statements_max = 100'000;
};

}  // namespace waypost::practice
