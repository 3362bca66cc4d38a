#include "waypost/delivery/selection.hpp"

#include <algorithm>
#include <map>
#include <set>
#include <string_view>
#include <utility>

namespace waypost::delivery {
namespace {

// A batch in the making: what of one group may go.
struct Draft {
  std::vector<Key> keys;
  std::size_t bytes = 0;
  bool due = false;
  bool full = false;
};

void note_earlier(std::optional<Instant>& at, Instant other) {
  if (!at || other < *at) at = other;
}

// Walks the window and drafts a batch for each group it meets.
class Drafting {
 public:
  Drafting(const BatchBounds& bounds, Instant now) : bounds_(bounds), now_(now) {}

  // False once a batch is full: there is no need to look further.
  bool add(const Waiting& waiting);

  Selection finish();

 private:
  static constexpr std::size_t kHeldBack = static_cast<std::size_t>(-1);

  std::size_t draft_of(std::string_view group);

  const BatchBounds& bounds_;
  Instant now_;
  std::vector<Draft> drafts_;  // in the order in which their first entries arrived
  std::map<std::string_view, std::size_t> draft_by_group_;
  std::map<std::string_view, std::size_t> draft_by_lane_;  // or kHeldBack
  std::optional<Instant> look_again_at_;
};

std::size_t Drafting::draft_of(std::string_view group) {
  const auto [at, is_new] = draft_by_group_.try_emplace(group, drafts_.size());
  if (is_new) drafts_.emplace_back();
  return at->second;
}

bool Drafting::add(const Waiting& waiting) {
  const Entry& entry = waiting.entry;
  const bool may_go = entry.next_at <= now_;
  const auto lane = draft_by_lane_.find(entry.lane);
  if (lane != draft_by_lane_.end() && lane->second == kHeldBack) return true;
  if (!may_go) {
    note_earlier(look_again_at_, entry.next_at);
    draft_by_lane_.insert_or_assign(entry.lane, kHeldBack);
    return true;
  }
  const std::size_t index = draft_of(entry.group);
  if (lane == draft_by_lane_.end()) {
    draft_by_lane_.emplace(entry.lane, index);
  } else if (lane->second != index) {
    // An earlier entry of this lane goes with another group, and must go first.
    lane->second = kHeldBack;
    return true;
  }
  Draft& draft = drafts_[index];
  const bool fits = draft.keys.empty() || draft.bytes + entry.bytes <= bounds_.bytes_max;
  if (fits) {
    draft.keys.push_back(entry.key);
    draft.bytes += entry.bytes;
    const Instant due_at = waiting.since + bounds_.interval;
    if (waiting.due || due_at <= now_) {
      draft.due = true;
    } else {
      note_earlier(look_again_at_, due_at);
    }
  }
  draft.full = !fits || draft.bytes >= bounds_.bytes_max || draft.keys.size() >= bounds_.count_max;
  return !draft.full;
}

Selection Drafting::finish() {
  Selection selection;
  selection.count_missing = bounds_.count_soon;
  selection.bytes_missing = bounds_.bytes_max;
  for (Draft& draft : drafts_) {
    if (draft.due || draft.full || draft.keys.size() >= bounds_.count_soon) {
      selection.keys = std::move(draft.keys);
      return selection;
    }
    selection.count_missing =
        std::min(selection.count_missing, bounds_.count_soon - draft.keys.size());
    selection.bytes_missing = std::min(selection.bytes_missing, bounds_.bytes_max - draft.bytes);
  }
  selection.look_again_at = look_again_at_;
  return selection;
}

}  // namespace

Selection select_batch(const Window& window, const BatchBounds& bounds, Instant now) {
  Drafting drafting(bounds, now);
  for (const auto& [key, waiting] : window) {
    if (!drafting.add(waiting)) break;
  }
  return drafting.finish();
}

Selection select_probe(const Window& window, std::span<const Key> probed, Instant now) {
  std::set<std::string_view> lanes;
  std::optional<Key> any;
  Selection selection;
  for (const auto& [key, waiting] : window) {
    const Entry& entry = waiting.entry;
    const bool is_head = lanes.insert(entry.lane).second;
    if (entry.next_at > now) {
      note_earlier(selection.look_again_at, entry.next_at);
    } else if (std::find(probed.begin(), probed.end(), key) == probed.end()) {
      if (is_head) {
        selection.keys = {key};
        return selection;
      }
      if (!any) any = key;
    }
  }
  if (any) selection.keys = {*any};
  return selection;
}

}  // namespace waypost::delivery
