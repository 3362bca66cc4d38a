#include <string>

#include <nlohmann/json.hpp>

#include "fuzz/all_rules.hpp"
#include "fuzz/target.hpp"
#include "waypost/statement/validate.hpp"

namespace waypost::fuzz {
namespace {

constexpr std::size_t kCountMax = 50;

using statement::ListValidation;
using statement::Validation;

void check_piece(std::string_view piece, const Validation& in_list, const statement::Rules& rules) {
  const Validation alone = statement::validate(piece, rules);
  require(alone.violations.size() == in_list.violations.size(), "it is judged alone as in a list");
  for (std::size_t i = 0; i < alone.violations.size(); ++i) {
    const auto& [path, rule, message] = alone.violations[i];
    require(path == in_list.violations[i].path && rule == in_list.violations[i].rule,
            "for the same reasons");
  }
}

void check_pieces(std::string_view input, const ListValidation& list,
                  const statement::Rules& rules) {
  std::size_t end = 0;
  for (const Validation& one : list.statements) {
    const statement::Span whole = one.outline.whole;
    require(whole.begin >= end && whole.end > whole.begin && whole.end <= input.size(),
            "statements lie one behind the other");
    end = whole.end;
    check_piece(whole.of(input), one, rules);
  }
}

}  // namespace

void split_list(std::string_view input) {
  for (const statement::Rules& rules : kAllRules) {
    const ListValidation list = statement::validate_list(input, rules, kCountMax);
    require(list.statements.size() <= kCountMax, "no more than asked for");
    if (list.malformed) continue;
    check_pieces(input, list, rules);
    const auto read = nlohmann::json::parse(input, nullptr, false);
    if (read.is_discarded()) continue;  // a flaw that costs one statement only
    require(read.is_array() == list.is_array, "an array is an array");
    if (!list.is_array) continue;
    require(read.size() == list.statements.size(), "none is left out");
    for (std::size_t i = 0; i < read.size(); ++i) {
      const auto piece = list.statements[i].outline.whole.of(input);
      require(nlohmann::json::parse(piece, nullptr, false) == read[i], "each has its own bytes");
    }
  }
}

}  // namespace waypost::fuzz
