#pragma once

#include <cstdio>
#include <cstdlib>
#include <span>
#include <string_view>

// What fuzzing throws bytes at. A target takes any bytes at all, of at most kInputBytesMax, and
// ends the process where a promise about them is broken.
namespace waypost::fuzz {

inline constexpr std::size_t kInputBytesMax = 4096;

struct Target {
  std::string_view name;
  void (*run)(std::string_view input);
};

std::span<const Target> targets();

inline void require(bool promise, const char* what) {
  if (promise) return;
  std::fprintf(stderr, "broken: %s\n", what);
  std::abort();
}

void read_json(std::string_view input);
void validate_statement(std::string_view input);
void stamp_statement(std::string_view input);
void split_list(std::string_view input);
void complete_event(std::string_view input);
void read_post_body(std::string_view input);
void read_retry_after(std::string_view input);
void read_settings(std::string_view input);

}  // namespace waypost::fuzz
