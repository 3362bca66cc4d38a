#pragma once

#include <cstdint>
#include <string_view>

#include "proxy/alerts/alert.hpp"

namespace waypost::relay {

// Takes what was found wrong, as AlertBook does. From any thread, and quick.
class AlertFacts {
 public:
  AlertFacts() = default;
  AlertFacts(const AlertFacts&) = delete;
  AlertFacts& operator=(const AlertFacts&) = delete;
  virtual ~AlertFacts() = default;

  virtual void began(const AlertKey& key, const AlertDetails& details) = 0;
  virtual void ended(const AlertKey& key, const AlertDetails& details) = 0;
  virtual void buried(const AlertKey& key, std::string_view reason, std::uint64_t count) = 0;
};

}  // namespace waypost::relay
