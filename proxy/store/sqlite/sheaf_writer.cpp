#include "proxy/store/sqlite/sheaf_writer.hpp"

#include "proxy/store/sqlite/arrival_sheaf.hpp"
#include "proxy/store/sqlite/body_sheaf.hpp"
#include "proxy/store/sqlite/entry_checksum.hpp"
#include "waypost/limits.hpp"

namespace waypost::relay::sqlite {
namespace {

// At least one: an entry that is larger than a sheaf may be lies alone.
std::size_t count_fitting(std::span<const SheafEntry> entries) {
  std::size_t count = 0;
  std::size_t bytes = 0;
  for (const SheafEntry& one : entries) {
    bytes += one.entry->bytes.size();
    const bool is_full = count == limits::kSheafEntriesMax || bytes > limits::kSheafBytesMax;
    if (is_full && count > 0) break;
    ++count;
  }
  return count;
}

}  // namespace

void SheafWriter::write(Key first, std::span<const SheafEntry> entries) {
  while (!entries.empty()) {
    const std::size_t count = count_fitting(entries);
    write_one(first, entries.first(count));
    entries = entries.subspan(count);
    first += static_cast<Key>(count);
  }
}

void SheafWriter::write_one(Key first, std::span<const SheafEntry> entries) {
  arrivals_.clear();
  places_.clear();
  checksums_.clear();
  bodies_.clear();
  Key key = first;
  for (const SheafEntry& one : entries) {
    const std::size_t arrivals_before = arrivals_.size();
    ArrivalSheaf::pack(arrivals_, *one.entry);
    pack_place(places_, *one.entry, one.received);
    bodies_ += one.entry->bytes;
    const Bytes arrival = bytes_of_text(arrivals_).subspan(arrivals_before);
    pack_checksum(checksums_,
                  checksum_of({key, one.received, arrival, one.entry->lane, one.entry->bytes}));
    ++key;
  }
  database_.add_arrival_sheaf.execute(first, bytes_of_text(arrivals_));
  database_.add_body_sheaf.execute(first, key - 1, bytes_of_text(places_),
                                   bytes_of_text(checksums_), bytes_of_text(bodies_));
}

}  // namespace waypost::relay::sqlite
