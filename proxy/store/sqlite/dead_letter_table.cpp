#include "proxy/store/sqlite/dead_letter_table.hpp"

#include <utility>

namespace waypost::relay::sqlite {
namespace {

constexpr std::string_view kLetterColumns =
    "dead_letter, organisation, destination, name, url, id, lane, length(bytes), reason, status,"
    " words, attempts, received_ms, buried_ms";

// CROSS JOIN keeps the order: dead letters by their numbers, the rest for those that fit alone.
constexpr std::string_view kLetterTables =
    " FROM dead_letter CROSS JOIN dead_letter_content USING (dead_letter)"
    " CROSS JOIN destination USING (destination) CROSS JOIN organisation USING (organisation)";

// Only the conditions that are asked for, so that an index may serve them. The last numbers are
// always there, so that every value can be bound.
std::string filtered(std::string_view columns_and_tables, const DeadLetterFilter& filter) {
  std::string sql =
      "SELECT " + std::string(columns_and_tables) + " WHERE dead_letter BETWEEN ?7 AND ?8";
  // The sign keeps from an index that has another order.
  if (filter.organisation) {
    sql +=
        " AND +destination IN (SELECT destination FROM destination"
        " JOIN organisation USING (organisation) WHERE name = ?1)";
  }
  if (filter.url) {
    sql += " AND +destination IN (SELECT destination FROM destination WHERE url = ?2)";
  }
  if (filter.reason) sql += " AND reason = ?3";
  if (filter.id) sql += " AND id = ?4";
  if (filter.since) sql += " AND buried_ms >= ?5";
  if (filter.until) sql += " AND buried_ms < ?6";
  return sql + " ORDER BY dead_letter LIMIT ?9";
}

std::string_view text_of(const std::optional<std::string>& text) {
  return text ? std::string_view(*text) : std::string_view();
}

DeadLetter letter_of(const Rows& rows) {
  return {.dead_letter = rows.integer(0),
          .ids = {static_cast<OrganisationId>(rows.integer(1)),
                  static_cast<DestinationId>(rows.integer(2))},
          .organisation = std::string(rows.text(3)),
          .url = std::string(rows.text(4)),
          .id = rows.uuid(5),
          .lane = std::string(rows.text(6)),
          .bytes = static_cast<std::uint32_t>(rows.integer(7)),
          .reason = static_cast<delivery::BurialReason>(rows.integer(8)),
          .status = static_cast<int>(rows.integer(9)),
          .words = std::string(rows.text(10)),
          .attempts = static_cast<std::uint32_t>(rows.integer(11)),
          .received = {rows.integer(12)},
          .buried = {rows.integer(13)}};
}

}  // namespace

FilteredSelect::FilteredSelect(Database& database, std::string_view columns_and_tables,
                               const DeadLetterFilter& filter)
    : filter_(filter),
      statement_(database.connection.handle(), filtered(columns_and_tables, filter)) {}

FilteredSelect FilteredSelect::letters(Database& database, std::string_view columns,
                                       const DeadLetterFilter& filter) {
  return {database, std::string(columns) + std::string(kLetterTables), filter};
}

Rows FilteredSelect::query(std::size_t count_max) {
  static constexpr Uuid kNone{};
  const Uuid& id = filter_.id ? *filter_.id : kNone;
  return statement_.query(
      text_of(filter_.organisation), text_of(filter_.url),
      static_cast<std::int64_t>(filter_.reason.value_or(delivery::BurialReason::Refused)), id,
      filter_.since.value_or(Instant{}).ms, filter_.until.value_or(Instant{}).ms, filter_.first,
      filter_.last, static_cast<std::int64_t>(count_max));
}

std::vector<DeadLetter> list_dead_letters(Database& database, const DeadLetterFilter& filter,
                                          std::size_t count_max) {
  std::vector<DeadLetter> letters;
  FilteredSelect select = FilteredSelect::letters(database, kLetterColumns, filter);
  Rows rows = select.query(count_max);
  while (rows.next()) letters.push_back(letter_of(rows));
  return letters;
}

DeadLetterCount count_dead_letters(Database& database, const DeadLetterFilter& filter) {
  FilteredSelect select(database, "count(*), coalesce(max(dead_letter), 0) FROM dead_letter",
                        filter);
  Rows rows = select.query(1);
  rows.next();
  return {.letters = rows.integer(0), .last = rows.integer(1)};
}

std::vector<WholeDeadLetter> read_dead_letters(Database& database,
                                               std::span<const DeadLetterId> ids) {
  std::vector<WholeDeadLetter> letters;
  letters.reserve(ids.size());
  const std::string columns = std::string(kLetterColumns) + ", bytes";
  for (const DeadLetterId id : ids) {
    DeadLetterFilter one;
    one.first = one.last = id;
    FilteredSelect select = FilteredSelect::letters(database, columns, one);
    Rows rows = select.query(1);
    if (rows.next()) letters.push_back({letter_of(rows), std::string(rows.text(14))});
  }
  return letters;
}

}  // namespace waypost::relay::sqlite
