#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "proxy/store/store.hpp"

// What lies in tests/fixtures/store_v*/: said once for the program that writes it and the test that
// opens it. Never change it: files of earlier versions hold it.
namespace waypost::relay::fixture {

inline constexpr Instant kReceived{1'750'000'000'000};
inline constexpr Instant kDeferredUntil{1'750'000'060'000};

// School (two destinations) has entries 1 to 10: 1, 2 and 5 are settled at its first destination, 3
// is deferred there; 1 is settled at its second. College has entries 1 and 2, waiting.
inline std::vector<DestinationName> names() {
  return {{"school", "https://lrs.example/xapi"},
          {"school", "https://second.example/xapi"},
          {"college", "https://lrs.example/xapi"}};
}

// Besides these, files of version 2 have the academy: of its entries 1 is a dead letter, 2 was one
// and waits again, 3 was at the LRS already, 4 is discarded, and 5 waits. 2 and 5 are held since
// the key was changed. It is blocked.
inline std::vector<DestinationName> names_of_version_2() {
  auto names = fixture::names();
  names.push_back({"academy", "https://lrs.example/xapi", "second key"});
  return names;
}

inline NewEntry entry(std::uint32_t number) {
  NewEntry made;
  made.id.bytes.fill(static_cast<std::uint8_t>(number * 37));
  made.fingerprint.fill(static_cast<std::uint8_t>(number));
  made.meaning.fill(static_cast<std::uint8_t>(number + 100));
  made.lane = number % 2 == 0 ? "even" : "odd";
  made.bytes = "{\"number\":" + std::to_string(number) + ",\"name\":\"\xc3\xa9t\xc3\xa9\"}";
  return made;
}

}  // namespace waypost::relay::fixture
