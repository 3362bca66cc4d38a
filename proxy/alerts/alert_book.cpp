#include "proxy/alerts/alert_book.hpp"

#include <algorithm>
#include <string>
#include <utility>

namespace waypost::relay {

// A clock that is set back takes everything measured by it along, so that no wait grows by it.
void AlertBook::notice_clock(Instant now) {
  if (now < now_) {
    const Duration back = now - now_;
    for (auto& [key, one] : standing_) {
      one.since = one.since + back;
      one.tell_at = one.tell_at + back;
    }
    for (auto& [key, at] : ended_lately_) at = at + back;
    for (auto& [key, letters] : letters_) {
      letters.since = letters.since + back;
      letters.tell_at = letters.tell_at + back;
    }
  }
  now_ = now;
}

void AlertBook::began(const AlertKey& key, const AlertDetails& details, Instant now) {
  notice_clock(now);
  const auto [at, is_new] = standing_.try_emplace(key);
  Standing& one = at->second;
  one.details = details;
  if (!is_new) return;
  one.since = now;
  Duration wait = key.kind == AlertKind::Outage ? outage_after_ : Duration{};
  const auto before = ended_lately_.find(key);
  if (before != ended_lately_.end() && now < before->second + kFlickerMax) {
    wait = std::max(wait, kFlickerMax);
  }
  one.tell_at = now + wait;
}

void AlertBook::ended(const AlertKey& key, const AlertDetails& details, Instant now) {
  notice_clock(now);
  const auto found = standing_.find(key);
  if (found == standing_.end()) return;
  const Standing& one = found->second;
  if (one.told) {
    AlertDetails last = one.details;
    last.waiting = details.waiting;
    last.readdressed = details.readdressed;
    endings_.push_back({key, AlertPhase::Ended, last, one.since, now});
    ended_lately_[key] = now;
  }
  standing_.erase(found);
}

void AlertBook::buried(const AlertKey& key, std::string_view reason, std::uint64_t count,
                       Instant now) {
  notice_clock(now);
  if (count == 0) return;
  const auto [at, is_new] = letters_.try_emplace(key);
  Letters& letters = at->second;
  if (is_new) letters.tell_at = now;
  if (letters.reasons.empty()) letters.since = now;
  letters.reasons[std::string(reason)] += count;
}

std::vector<AlertNotice> AlertBook::due(Instant now) {
  notice_clock(now);
  std::vector<AlertNotice> notices = std::exchange(endings_, {});
  for (auto& [key, one] : standing_) {
    if (now < one.tell_at) continue;
    const AlertPhase phase = one.told ? AlertPhase::Lasts : AlertPhase::Began;
    notices.push_back({key, phase, one.details, one.since, now});
    one.tell_at = now + (one.told ? kNextReminder : kFirstReminder);
    one.told = true;
  }
  tell_letters(notices, now);
  std::erase_if(ended_lately_, [&](const auto& one) { return now >= one.second + kFlickerMax; });
  return notices;
}

void AlertBook::tell_letters(std::vector<AlertNotice>& notices, Instant now) {
  for (auto at = letters_.begin(); at != letters_.end();) {
    auto& [key, letters] = *at;
    if (now < letters.tell_at) {
      ++at;
    } else if (letters.reasons.empty()) {
      at = letters_.erase(at);  // an hour without any
    } else {
      notices.push_back(
          {key, AlertPhase::Digest, {}, letters.since, now, std::exchange(letters.reasons, {})});
      letters.tell_at = now + kDigestInterval;
      ++at;
    }
  }
}

std::optional<Instant> AlertBook::next_wakeup() const {
  if (!endings_.empty()) return now_;
  std::optional<Instant> next;
  const auto sooner = [&next](Instant at) {
    if (!next || at < *next) next = at;
  };
  for (const auto& [key, one] : standing_) sooner(one.tell_at);
  for (const auto& [key, letters] : letters_) sooner(letters.tell_at);
  return next;
}

std::vector<AlertNotice> AlertBook::standing() const {
  std::vector<AlertNotice> notices;
  for (const auto& [key, one] : standing_) {
    if (one.told) notices.push_back({key, AlertPhase::Began, one.details, one.since, now_});
  }
  return notices;
}

}  // namespace waypost::relay
