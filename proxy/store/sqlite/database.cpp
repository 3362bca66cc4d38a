#include "proxy/store/sqlite/database.hpp"

#include <string>

#include "proxy/store/sqlite/migrations.hpp"
#include "proxy/store/sqlite/sqlite_error.hpp"

namespace waypost::relay::sqlite {
namespace {

void check(Connection& connection, const std::string& pragma) {
  Statement statement(connection.handle(), pragma);
  Rows rows = statement.query();
  if (rows.next() && rows.text(0) == "ok") return;
  throw SqliteError(SQLITE_CORRUPT, 0, "the queue's file is damaged");
}

bool make_ready(Connection& connection, Verify verify) {
  migrate(connection);
  if (verify == Verify::Everything) {
    check(connection, "PRAGMA quick_check(1)");
    return true;
  }
  for (const char* table : {"organisation", "destination", "delivered_mark"}) {
    check(connection, std::string("PRAGMA quick_check(") + table + ")");
  }
  return true;
}

}  // namespace

Database::Database(const std::filesystem::path& file, Verify verify, const SqliteTuning& tuning)
    : connection(file),
      ready(make_ready(connection, verify)),
      known_ids(connection, tuning),

      add_organisation(
          connection.handle(),
          "INSERT INTO organisation (organisation, name, last_key, indexed_through,"
          " forgotten_through) SELECT next, ?1, next << 40, next << 40, next << 40 FROM"
          " (SELECT coalesce(max(organisation), 0) + 1 AS next FROM organisation)"
          " WHERE true ON CONFLICT DO NOTHING"),
      find_organisation(connection.handle(),
                        "SELECT organisation FROM organisation WHERE name = ?1"),
      add_destination(connection.handle(),
                      "INSERT INTO destination"
                      " (organisation, url, delivered_through, accepted, delivered)"
                      " SELECT organisation, ?2, last_key, 0, 0 FROM organisation"
                      " WHERE organisation = ?1 ON CONFLICT DO NOTHING"),
      find_destination(connection.handle(),
                       "SELECT destination FROM destination WHERE organisation = ?1 AND url = ?2"),
      destinations_of(connection.handle(),
                      "SELECT destination, url, credential, held_through, blocked"
                      " FROM destination WHERE organisation = ?1 ORDER BY destination"),
      rename_destination(connection.handle(),
                         "UPDATE destination SET url = ?2, credential = ?3"
                         " WHERE destination = ?1"),
      destination_state(
          connection.handle(),
          "SELECT organisation, delivered_through, last_key, accepted, delivered,"
          " already_there, discarded, held_through, blocked, body_bytes FROM destination JOIN "
          "organisation USING (organisation)"
          " WHERE destination = ?1"),
      other_destinations(connection.handle(),
                         "SELECT destination, delivered_through FROM destination"
                         " WHERE organisation = ?1 AND destination <> ?2"),
      hold(connection.handle(), "UPDATE destination SET held_through = ?2 WHERE destination = ?1"),
      note_block(connection.handle(), "UPDATE destination SET blocked = ?2 WHERE destination = ?1"),

      last_key(connection.handle(),
               "SELECT last_key, body_bytes FROM organisation WHERE organisation = ?1"),
      set_last_key(connection.handle(),
                   "UPDATE organisation SET last_key = ?2, body_bytes = body_bytes + ?3"
                   " WHERE organisation = ?1"),
      count_removed_bytes(connection.handle(),
                          "UPDATE organisation SET body_bytes = body_bytes - ?2"
                          " WHERE organisation = ?1"),
      count_accepted(connection.handle(),
                     "UPDATE destination SET accepted = accepted + ?2 WHERE organisation = ?1"),
      add_arrival_sheaf(connection.handle(),
                        "INSERT INTO arrival_sheaf (first_key, arrivals) VALUES (?1, ?2)"),
      add_body_sheaf(connection.handle(),
                     "INSERT INTO body_sheaf (first_key, last_key, contents, checksums, bodies)"
                     " VALUES (?1, ?2, ?3, ?4, ?5)"),

      advance(connection.handle(),
              "UPDATE destination SET delivered_through = ?2, delivered = delivered + ?3,"
              " already_there = already_there + ?4 WHERE destination = ?1"),
      ranges_touching(connection.handle(),
                      "SELECT first_key, last_key FROM settled"
                      " WHERE destination = ?1 AND first_key <= ?2 ORDER BY first_key DESC"),
      add_range(connection.handle(),
                "INSERT INTO settled (destination, first_key, last_key) VALUES (?1, ?2, ?3)"),
      remove_range(connection.handle(),
                   "DELETE FROM settled WHERE destination = ?1 AND first_key = ?2"),
      defer(connection.handle(),
            "INSERT INTO deferred (destination, key, attempts, next_at_ms) VALUES (?1, ?2, 1, ?3)"
            " ON CONFLICT DO UPDATE SET attempts = attempts + 1, next_at_ms = ?3"),
      remove_deferrals(connection.handle(),
                       "DELETE FROM deferred WHERE destination = ?1 AND key BETWEEN ?2 AND ?3"),
      body_sheaves_touching(
          connection.handle(),
          "SELECT first_key, last_key, length(bodies) FROM body_sheaf"
          " WHERE first_key BETWEEN coalesce((SELECT max(first_key) FROM body_sheaf"
          " WHERE first_key <= ?1), ?1) AND ?2 AND last_key >= ?1"),
      remove_body_sheaf(connection.handle(), "DELETE FROM body_sheaf WHERE first_key = ?1"),
      bury(connection.handle(),
           "INSERT INTO dead_letter (destination, id, fingerprint, meaning, reason, status,"
           " attempts, received_ms, buried_ms, lane)"
           " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)"),
      bury_content(connection.handle(),
                   "INSERT INTO dead_letter_content (dead_letter, words, bytes)"
                   " VALUES (last_insert_rowid(), ?1, ?2)"),

      range_at_or_before(connection.handle(),
                         "SELECT last_key FROM settled WHERE destination = ?1 AND first_key <= ?2"
                         " ORDER BY first_key DESC LIMIT 1"),
      range_after(connection.handle(),
                  "SELECT first_key FROM settled WHERE destination = ?1 AND first_key > ?2"
                  " ORDER BY first_key LIMIT 1"),
      places_of_sheaf(connection.handle(),
                      "SELECT first_key, last_key, contents, length(bodies) FROM body_sheaf"
                      " WHERE first_key <= ?1 ORDER BY first_key DESC LIMIT 1"),
      whole_sheaf(connection.handle(),
                  "SELECT first_key, last_key, contents, length(bodies), bodies, checksums,"
                  " (SELECT arrivals FROM arrival_sheaf"
                  " WHERE arrival_sheaf.first_key = body_sheaf.first_key)"
                  " FROM body_sheaf WHERE first_key <= ?1 ORDER BY first_key DESC LIMIT 1"),
      deferrals(connection.handle(),
                "SELECT key, attempts, next_at_ms FROM deferred"
                " WHERE destination = ?1 AND key BETWEEN ?2 AND ?3 ORDER BY key"),
      settled_beyond(connection.handle(),
                     "SELECT coalesce(sum(last_key - first_key + 1), 0) FROM settled"
                     " WHERE destination = ?1"),
      count_dead_letters(connection.handle(),
                         "SELECT count(*) FROM dead_letter WHERE destination = ?1"),

      delivered_everywhere(connection.handle(),
                           "SELECT min(delivered_through) FROM destination"
                           " WHERE organisation = ?1"),
      latest_mark(connection.handle(),
                  "SELECT at_ms, through_key FROM delivered_mark WHERE organisation = ?1"
                  " ORDER BY at_ms DESC LIMIT 1"),
      add_mark(connection.handle(),
               "INSERT INTO delivered_mark (organisation, at_ms, through_key) VALUES (?1, ?2, ?3)"),
      mark_older_than(connection.handle(),
                      "SELECT through_key FROM delivered_mark"
                      " WHERE organisation = ?1 AND at_ms < ?2 ORDER BY at_ms DESC LIMIT 1"),
      remove_marks(connection.handle(),
                   "DELETE FROM delivered_mark WHERE organisation = ?1 AND through_key <= ?2"),
      forgotten_through(connection.handle(),
                        "SELECT organisation, forgotten_through FROM organisation"),
      set_forgotten_through(connection.handle(),
                            "UPDATE organisation SET forgotten_through = ?2"
                            " WHERE organisation = ?1") {}

}  // namespace waypost::relay::sqlite
