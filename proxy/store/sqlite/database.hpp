#pragma once

#include <cstdint>
#include <filesystem>

#include "proxy/store/sqlite/connection.hpp"
#include "proxy/store/sqlite/known_ids.hpp"
#include "proxy/store/sqlite/statement.hpp"

namespace waypost::relay::sqlite {

// How much of the file to verify when it is opened.
enum class Verify : std::uint8_t {
  SmallTables,  // those without entries: the cost does not grow with what waits
  Everything,   // after the disk failed us
};

// The connection with every statement we run on it, prepared once. The SQL of the hot path is all
// in database.cpp. Throws SqliteError.
struct Database {
  Database(const std::filesystem::path& file, Verify verify, const SqliteTuning& tuning);

  Connection connection;
  const bool ready;  // migrated and verified, before what follows is prepared
  KnownIds known_ids;

  // Organisations and destinations.
  Statement add_organisation;
  Statement find_organisation;
  Statement add_destination;
  Statement find_destination;
  Statement destinations_of;
  Statement rename_destination;
  Statement destination_state;
  Statement other_destinations;
  Statement hold;
  Statement note_block;

  // Append.
  Statement last_key;
  Statement set_last_key;
  Statement count_removed_bytes;
  Statement count_accepted;
  Statement add_arrival_sheaf;
  Statement add_body_sheaf;

  // Settle.
  Statement advance;
  Statement ranges_touching;
  Statement add_range;
  Statement remove_range;
  Statement defer;
  Statement remove_deferrals;
  Statement body_sheaves_touching;
  Statement remove_body_sheaf;
  Statement bury;
  Statement bury_content;

  // Read.
  Statement range_at_or_before;
  Statement range_after;
  Statement places_of_sheaf;
  Statement whole_sheaf;
  Statement deferrals;
  Statement settled_beyond;
  Statement count_dead_letters;

  // Forget.
  Statement delivered_everywhere;
  Statement latest_mark;
  Statement add_mark;
  Statement mark_older_than;
  Statement remove_marks;
  Statement forgotten_through;
  Statement set_forgotten_through;
};

}  // namespace waypost::relay::sqlite
