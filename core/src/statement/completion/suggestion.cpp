#include "statement/completion/suggestion.hpp"

#include <algorithm>

#include "waypost/json/text.hpp"

namespace waypost::statement {
namespace {

constexpr std::size_t kWordMax = 32;  // what is longer is no mistyped word

char lower(char c) {
  return c >= 'A' && c <= 'Z' ? static_cast<char>(c | 0x20) : c;
}

// How many characters to insert, remove or change (Levenshtein), either case. Both are short.
std::size_t distance(std::string_view left, std::string_view right) {
  std::array<std::size_t, kWordMax + 1> row{};
  for (std::size_t j = 0; j <= right.size(); ++j) row[j] = j;
  for (std::size_t i = 1; i <= left.size(); ++i) {
    std::size_t diagonal = row[0];
    row[0] = i;
    for (std::size_t j = 1; j <= right.size(); ++j) {
      const std::size_t change = lower(left[i - 1]) == lower(right[j - 1]) ? 0 : 1;
      const std::size_t best = std::min({row[j] + 1, row[j - 1] + 1, diagonal + change});
      diagonal = row[j];
      row[j] = best;
    }
  }
  return row[right.size()];
}

}  // namespace

void Suggestion::consider(std::string_view word) {
  if (mistyped_.size() > kWordMax || word.size() > kWordMax) return;
  const Candidate candidate{word, distance(mistyped_, word)};
  if (candidate.distance > 1 + mistyped_.size() / 4) return;
  std::size_t at = count_;
  while (at > 0 && nearest_[at - 1].distance > candidate.distance) --at;
  if (at == nearest_.size()) return;
  count_ = std::min(count_ + 1, nearest_.size());
  for (std::size_t i = count_ - 1; i > at; --i) nearest_[i] = nearest_[i - 1];
  nearest_[at] = candidate;
}

std::string Suggestion::question() const {
  std::string question;
  for (std::size_t i = 0; i < count_; ++i) {
    if (i == 0) {
      question += " Did you mean ";
    } else {
      question += i + 1 == count_ ? " or " : ", ";
    }
    json::append_string(question, nearest_[i].word);
  }
  if (count_ != 0) question += '?';
  return question;
}

}  // namespace waypost::statement
