#include "proxy/store/sqlite/sheaf_reader.hpp"

#include "proxy/store/sqlite/sqlite_error.hpp"

namespace waypost::relay::sqlite {

void SheafReader::turn_to(Key key) {
  if (keys_.contains(key)) return;
  keys_ = {};
  const bool is_whole = depth_ == Depth::Whole;
  Rows rows = (is_whole ? database_.whole_sheaf : database_.places_of_sheaf).query(key);
  const bool is_found = rows.next() && rows.integer(1) >= key;
  if (!is_found) throw SqliteError(SQLITE_CORRUPT, 0, "an entry waits and has no body");
  const KeyRange keys{rows.integer(0), rows.integer(1)};
  packed_places_ = rows.text(2);
  places_ = unpack_places(packed_places_, keys.count(), static_cast<std::size_t>(rows.integer(3)));
  if (is_whole) {
    bodies_ = rows.text(4);
    arrivals_ = rows.text(5);
    if (ArrivalSheaf(keys.first, bytes_of_text(arrivals_)).keys().last != keys.last) {
      throw SqliteError(SQLITE_CORRUPT, 0, "a sheaf has other arrivals than bodies");
    }
  }
  keys_ = keys;
}

const Place& SheafReader::place(Key key) {
  turn_to(key);
  return places_.at(static_cast<std::size_t>(key - keys_.first));
}

std::string_view SheafReader::body(Key key) {
  const Place& found = place(key);
  return std::string_view(bodies_).substr(found.offset, found.bytes);
}

Arrival SheafReader::arrival(Key key) {
  turn_to(key);
  return ArrivalSheaf(keys_.first, bytes_of_text(arrivals_)).at(key);
}

std::int64_t SheafReader::bytes_of(KeyRange keys) {
  std::int64_t bytes = 0;
  for (Key key = keys.first; key <= keys.last; ++key) bytes += place(key).bytes;
  return bytes;
}

}  // namespace waypost::relay::sqlite
