#include "proxy/store/sqlite/arrival_sheaf.hpp"

#include <algorithm>
#include <cassert>
#include <tuple>

#include "proxy/store/sqlite/sqlite_error.hpp"

namespace waypost::relay::sqlite {
namespace {

constexpr std::size_t kIdBytes = std::tuple_size_v<decltype(Uuid::bytes)>;
constexpr std::size_t kFingerprintBytes = std::tuple_size_v<Fingerprint>;
constexpr std::size_t kArrivalBytes = kIdBytes + kFingerprintBytes + std::tuple_size_v<Meaning>;

template <typename Digest>
void append(std::string& packed, const Digest& digest) {
  packed.append(reinterpret_cast<const char*>(digest.data()), digest.size());
}

}  // namespace

ArrivalSheaf::ArrivalSheaf(Key first, Bytes packed) : first_(first), packed_(packed) {
  if (packed.empty() || packed.size() % kArrivalBytes != 0) {
    throw SqliteError(SQLITE_CORRUPT, 0, "a sheaf of arrivals of another size");
  }
}

KeyRange ArrivalSheaf::keys() const {
  return {first_, first_ + static_cast<Key>(packed_.size() / kArrivalBytes) - 1};
}

Bytes ArrivalSheaf::packed_at(Key key) const {
  assert(keys().contains(key));
  return packed_.subspan(static_cast<std::size_t>(key - first_) * kArrivalBytes, kArrivalBytes);
}

Arrival ArrivalSheaf::at(Key key) const {
  const Bytes stored = packed_at(key);
  Arrival arrival;
  const auto fingerprint = stored.begin() + kIdBytes;
  const auto meaning = fingerprint + kFingerprintBytes;
  std::copy(stored.begin(), fingerprint, arrival.id.bytes.begin());
  std::copy(fingerprint, meaning, arrival.fingerprint.begin());
  std::copy(meaning, stored.end(), arrival.meaning.begin());
  return arrival;
}

void ArrivalSheaf::pack(std::string& packed, const NewEntry& entry) {
  append(packed, entry.id.bytes);
  append(packed, entry.fingerprint);
  append(packed, entry.meaning);
}

}  // namespace waypost::relay::sqlite
