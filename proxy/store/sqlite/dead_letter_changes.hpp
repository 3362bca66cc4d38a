#pragma once

#include "proxy/store/dead_letters.hpp"
#include "proxy/store/sqlite/database.hpp"

// The changing half of the contract in dead_letters.hpp, each within the caller's transaction and
// KnownIds::Change. Throws SqliteError.
namespace waypost::relay::sqlite {

Replay replay_dead_letters(Database& database, const DeadLetterFilter& filter,
                           std::size_t count_max, const Order& order);

Mend mend_dead_letter(Database& database, DeadLetterId dead_letter, const NewEntry& mended,
                      const Order& order);

Discard discard_dead_letters(Database& database, const DeadLetterFilter& filter,
                             std::size_t count_max, const Order& order);

}  // namespace waypost::relay::sqlite
