#include <array>

#include "statement/formats/characters.hpp"
#include "statement/formats/formats.hpp"
#include "waypost/limits.hpp"

namespace waypost::statement {
namespace {

// RFC 5646 section 2.1, "irregular": registered before the grammar was, and not of it.
constexpr auto kIrregular = std::to_array<std::string_view>(
    {"en-GB-oed", "i-ami", "i-bnn", "i-default", "i-enochian", "i-hak", "i-klingon", "i-lux",
     "i-mingo", "i-navajo", "i-pwn", "i-tao", "i-tay", "i-tsu", "sgn-BE-FR", "sgn-BE-NL",
     "sgn-CH-DE"});

constexpr bool is_variant(std::string_view subtag) {
  return all_of(subtag, is_alphanumeric, 5, 8) ||
         (all_of(subtag, is_alphanumeric, 4, 4) && is_digit(subtag.front()));
}

// The subtags of a tag, one after the other.
struct Subtags {
  std::string_view rest;
  std::string_view current;  // empty where two dashes meet, which fits nothing
  bool over = false;         // behind the last

  explicit Subtags(std::string_view tag) : rest(tag) { advance(); }

  void advance() {
    over = rest.data() == nullptr;
    const auto dash = rest.find('-');
    current = rest.substr(0, dash);
    rest = dash == std::string_view::npos ? std::string_view() : rest.substr(dash + 1);
  }

  template <typename Test>
  bool take_if(Test test) {
    if (over || !test(current)) return false;
    advance();
    return true;
  }

  // The current subtag and at least one subtag of min to 8 characters behind it.
  bool take_sequence(std::size_t min) {
    advance();
    const auto fits = [&](std::string_view subtag) {
      return all_of(subtag, is_alphanumeric, min, 8);
    };
    if (!take_if(fits)) return false;
    while (take_if(fits)) {
    }
    return true;
  }

  bool at_private_use() const { return equal_ignoring_case(current, "x"); }

  bool at_extension() const { return !at_private_use() && all_of(current, is_alphanumeric, 1, 1); }
};

// Whether `subtag` stands in `tag` before, behind the language. RFC 5646 allows no variant (2.2.5)
// and no extension (2.2.6) twice; nothing else that comes before looks like either. Only the first
// subtags are compared, so that a long tag costs no more than its length.
bool is_repeated(std::string_view tag, std::string_view subtag) {
  Subtags earlier(tag);
  for (std::size_t i = 0; i < limits::kLanguageSubtagsComparedMax; ++i) {
    earlier.advance();
    if (earlier.current.data() == subtag.data()) return false;
    if (equal_ignoring_case(earlier.current, subtag)) return true;
  }
  return false;
}

bool is_langtag(std::string_view text) {
  Subtags subtags(text);
  if (subtags.at_private_use()) return subtags.take_sequence(1) && subtags.over;
  const bool may_extend = subtags.current.size() <= 3;
  if (!subtags.take_if([](auto tag) { return all_of(tag, is_alpha, 2, 8); })) return false;
  for (int i = 0; may_extend && i < 3; ++i) {
    if (!subtags.take_if([](auto tag) { return all_of(tag, is_alpha, 3, 3); })) break;
  }
  subtags.take_if([](auto script) { return all_of(script, is_alpha, 4, 4); });
  subtags.take_if(
      [](auto region) { return all_of(region, is_alpha, 2, 2) || all_of(region, is_digit, 3, 3); });
  while (is_variant(subtags.current)) {
    if (is_repeated(text, subtags.current)) return false;
    subtags.advance();
  }
  while (subtags.at_extension()) {
    if (is_repeated(text, subtags.current) || !subtags.take_sequence(2)) return false;
  }
  if (subtags.at_private_use() && !subtags.take_sequence(1)) return false;
  return subtags.over;
}

}  // namespace

bool is_language_tag(std::string_view text) {
  if (is_langtag(text)) return true;
  return std::any_of(kIrregular.begin(), kIrregular.end(),
                     [&](std::string_view tag) { return equal_ignoring_case(tag, text); });
}

}  // namespace waypost::statement
