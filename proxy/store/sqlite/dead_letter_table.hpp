#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "proxy/store/dead_letters.hpp"
#include "proxy/store/sqlite/database.hpp"

// The reading half of the contract in dead_letters.hpp. Throws SqliteError.
namespace waypost::relay::sqlite {

// A SELECT over dead_letter with what the filter asks for.
class FilteredSelect {
 public:
  // What stands between SELECT and WHERE.
  FilteredSelect(Database& database, std::string_view columns_and_tables,
                 const DeadLetterFilter& filter);

  // From the content, the destination and the organisation too.
  static FilteredSelect letters(Database& database, std::string_view columns,
                                const DeadLetterFilter& filter);

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
