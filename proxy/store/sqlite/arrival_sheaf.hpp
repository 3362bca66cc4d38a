#pragma once

#include <cstddef>
#include <string>

#include "proxy/store/sqlite/queue_key.hpp"
#include "proxy/store/sqlite/statement.hpp"
#include "proxy/store/store.hpp"

namespace waypost::relay::sqlite {

// What is remembered of an entry when its body is gone.
struct Arrival {
  Uuid id;
  Fingerprint fingerprint{};
  Meaning meaning{};
};

// The layout of arrival_sheaf.arrivals. Looks at bytes that must outlive it.
class ArrivalSheaf {
 public:
  // Throws SqliteError (SQLITE_CORRUPT) where the bytes are none.
  ArrivalSheaf(Key first, Bytes packed);

  KeyRange keys() const;

  // Of a key of keys().
  Arrival at(Key key) const;
  Bytes packed_at(Key key) const;

  // Adds the next entry to a sheaf that is being made.
  static void pack(std::string& packed, const NewEntry& entry);

 private:
  Key first_;
  Bytes packed_;
};

}  // namespace waypost::relay::sqlite
