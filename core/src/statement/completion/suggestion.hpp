#pragma once

#include <array>
#include <cstddef>
#include <string>
#include <string_view>

namespace waypost::statement {

// Finds the known words nearest to a mistyped one: feed every word, then ask.
class Suggestion {
 public:
  explicit Suggestion(std::string_view mistyped) : mistyped_(mistyped) {}

  // `word` must outlive this.
  void consider(std::string_view word);

  // ` Did you mean "a", "b" or "c"?`, nearest first, or "" when no word is near.
  std::string question() const;

 private:
  struct Candidate {
    std::string_view word;
    std::size_t distance = 0;
  };

  std::string_view mistyped_;
  std::array<Candidate, 3> nearest_;
  std::size_t count_ = 0;
};

}  // namespace waypost::statement
