#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string_view>
#include <vector>

#include "proxy/alerts/alert.hpp"

namespace waypost::relay {

// Decides what a human is told, and when: everything once when it begins (an outage only after it
// has lasted), once more when it has ended, and again only when it lasts very long. Facts in with
// the time, notices out. Holds one entry for each key, however many facts come.
class AlertBook {
 public:
  // A condition that comes back sooner than this after its end was told must last as long before
  // it is told: what flickers must not fill a mailbox.
  static constexpr Duration kFlickerMax{10LL * 60'000};
  static constexpr Duration kFirstReminder{24LL * 3'600'000};
  static constexpr Duration kNextReminder{72LL * 3'600'000};
  static constexpr Duration kDigestInterval{3'600'000};

  explicit AlertBook(Duration outage_after) : outage_after_(outage_after) {}

  // Holds for outages that begin from now on.
  void set_outage_after(Duration outage_after) { outage_after_ = outage_after; }

  // While it lasts, told again only to bring newer details.
  void began(const AlertKey& key, const AlertDetails& details, Instant now);

  // What never began is ignored.
  void ended(const AlertKey& key, const AlertDetails& details, Instant now);

  // So many more dead letters. `reason` is one of a few stable words.
  void buried(const AlertKey& key, std::string_view reason, std::uint64_t count, Instant now);

  // What is to be told now, in order of happening as far as it matters.
  std::vector<AlertNotice> due(Instant now);

  std::optional<Instant> next_wakeup() const;

  // What was told and has not ended, as it began: for one who has not heard of it.
  std::vector<AlertNotice> standing() const;

 private:
  struct Standing {
    AlertDetails details;
    Instant since;
    Instant tell_at;
    bool told = false;
  };

  struct Letters {
    std::map<std::string, std::uint64_t> reasons;
    Instant since;
    Instant tell_at;
  };

  void notice_clock(Instant now);
  void tell_letters(std::vector<AlertNotice>& notices, Instant now);

  Duration outage_after_;
  Instant now_;
  std::map<AlertKey, Standing> standing_;
  std::map<AlertKey, Instant> ended_lately_;  // when its end was told
  std::map<AlertKey, Letters> letters_;
  std::vector<AlertNotice> endings_;  // not yet given out
};

}  // namespace waypost::relay
