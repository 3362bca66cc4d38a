#include "proxy/store/sqlite/sheaf_reader.hpp"

#include <cstdio>

#include "proxy/store/sqlite/entry_checksum.hpp"

namespace waypost::relay::sqlite {
namespace {

std::string hexadecimal(std::uint32_t number) {
  std::array<char, 9> digits{};
  std::snprintf(digits.data(), digits.size(), "%08x", number);
  return digits.data();
}

}  // namespace

void SheafReader::turn_to(Key key) {
  if (keys_.contains(key)) return;
  keys_ = {};
  places_.clear();
  for (std::string* part : {&bodies_, &checksums_, &arrivals_, &damage_}) part->clear();
  unreadable_.reset();
  try {
    read(key);
  } catch (const SqliteError& error) {
    if (!error.is_damage()) throw;
    if (damage_.empty()) damage_ = error.what();
    keys_ = {key, key};  // what it says of others is not to be trusted
    places_.clear();
  }
}

void SheafReader::read(Key key) {
  Rows rows =
      (depth_ == Depth::Whole ? database_.whole_sheaf : database_.places_of_sheaf).query(key);
  bool is_found = false;
  try {
    is_found = rows.next() && rows.integer(1) >= key;
  } catch (const SqliteError& error) {
    unreadable_ = error;
    throw;
  }
  if (!is_found) throw SqliteError(SQLITE_CORRUPT, 0, "an entry waits and has no body");
  take(rows);
}

void SheafReader::take(Rows& rows) {
  const KeyRange keys{rows.integer(0), rows.integer(1)};
  packed_places_ = rows.text(2);
  if (depth_ == Depth::Whole) {
    bodies_ = rows.text(4);
    checksums_ = rows.text(5);
    arrivals_ = rows.text(6);
  }
  places_ = unpack_places(packed_places_, keys.count(), static_cast<std::size_t>(rows.integer(3)));
  const bool is_whole = depth_ == Depth::Whole;
  if (is_whole && ArrivalSheaf(keys.first, bytes_of_text(arrivals_)).keys().last != keys.last) {
    throw SqliteError(SQLITE_CORRUPT, 0, "a sheaf has other arrivals than bodies");
  }
  keys_ = keys;
}

const Place* SheafReader::place(Key key) {
  turn_to(key);
  return places_.empty() ? nullptr : &places_.at(index_of(key));
}

std::string SheafReader::damage(Key key) {
  const Place* found = place(key);
  if (found == nullptr) return damage_;
  if (checksums_.empty()) return {};  // of an earlier version
  const std::uint32_t checksum = checksum_of(
      {key, found->received, ArrivalSheaf(keys_.first, bytes_of_text(arrivals_)).packed_at(key),
       found->lane, body(key)});
  const std::size_t index = index_of(key);
  if (checksums_.size() != checksum_bytes(places_.size())) {
    return "there are " + std::to_string(checksums_.size()) + " bytes of checksums";
  }
  const std::uint32_t written = unpack_checksum(checksums_, index);
  if (checksum == written) return {};
  return "the checksum is " + hexadecimal(checksum) + " and was " + hexadecimal(written);
}

const SqliteError* SheafReader::unreadable(Key key) {
  turn_to(key);
  return unreadable_ ? &*unreadable_ : nullptr;
}

std::string_view SheafReader::body(Key key) {
  const Place* found = place(key);
  return found == nullptr ? bodies_ : std::string_view(bodies_).substr(found->offset, found->bytes);
}

Arrival SheafReader::arrival(Key key) {
  if (place(key) != nullptr) return ArrivalSheaf(keys_.first, bytes_of_text(arrivals_)).at(key);
  try {
    return database_.known_ids.arrival(key);
  } catch (const SqliteError& error) {
    if (!error.is_damage()) throw;
    return {};
  }
}

std::int64_t SheafReader::bytes_of(KeyRange keys, KeyRange sheaf, std::int64_t sheaf_bytes) {
  if (sheaf.empty()) return 0;  // what it says of its keys is damaged
  const auto even_share_before = [&](Key key) {
    return sheaf_bytes * (key - sheaf.first) / sheaf.count();
  };
  if (place(keys.first) == nullptr) {
    return even_share_before(keys.last + 1) - even_share_before(keys.first);
  }
  std::int64_t bytes = 0;
  for (Key key = keys.first; key <= keys.last; ++key) bytes += place(key)->bytes;
  return bytes;
}

}  // namespace waypost::relay::sqlite
