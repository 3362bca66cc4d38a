#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "proxy/store/dead_letters.hpp"
#include "proxy/store/sqlite/database.hpp"

// The reading half of the contract in dead_letters.hpp. Throws SqliteError.
namespace waypost::relay::sqlite {

// A SELECT over dead_letter, destination and organisation with what the filter asks for.
class FilteredSelect {
 public:
  // `columns` is what follows SELECT.
  FilteredSelect(Database& database, std::string_view columns, const DeadLetterFilter& filter);

  // In order of numbers.
  Rows query(std::size_t count_max);

 private:
  DeadLetterFilter filter_;  // what is bound must outlive the rows
  Statement statement_;
};

std::vector<DeadLetter> list_dead_letters(Database& database, const DeadLetterFilter& filter,
                                          std::size_t count_max);

DeadLetterCount count_dead_letters(Database& database, const DeadLetterFilter& filter);

std::vector<WholeDeadLetter> read_dead_letters(Database& database,
                                               std::span<const DeadLetterId> ids);

}  // namespace waypost::relay::sqlite
