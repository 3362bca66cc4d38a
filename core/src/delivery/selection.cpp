#include "waypost/delivery/selection.hpp"

#include <algorithm>
#include <map>
#include <set>
#include <string_view>
#include <utility>

namespace waypost::delivery {
namespace {

// A batch in the making: what of one group, and of one piece or none, may go.
struct Draft {
  PieceId piece = kNoPiece;
  std::vector<Key> keys;
  std::size_t bytes = 0;
  bool due = false;
  bool full = false;
};

void note_earlier(std::optional<Instant>& at, Instant other) {
  if (!at || other < *at) at = other;
}

// Walks the window and drafts a batch for each group and each piece it meets.
class Drafting {
 public:
  Drafting(const BatchBounds& bounds, Instant now) : bounds_(bounds), now_(now) {}

  // False once a batch is full: there is no need to look further.
  bool add(const Waiting& waiting);

  Selection finish();

 private:
  static constexpr std::size_t kHeldBack = static_cast<std::size_t>(-1);

  std::size_t draft_of(const Waiting& waiting);
  bool add_to(Draft& draft, const Waiting& waiting);
  std::uint32_t reluctance(const Draft& draft) const;
  bool is_ready(const Draft& draft) const;

  const BatchBounds& bounds_;
  Instant now_;
  std::vector<Draft> drafts_;  // in the order in which their first entries arrived
  std::map<std::pair<std::string_view, PieceId>, std::size_t> draft_by_kind_;
  std::map<std::string_view, std::size_t> draft_by_lane_;  // or kHeldBack
  std::optional<Instant> look_again_at_;
};

std::size_t Drafting::draft_of(const Waiting& waiting) {
  const auto [at, is_new] =
      draft_by_kind_.try_emplace({waiting.entry.group, waiting.piece}, drafts_.size());
  if (is_new) drafts_.emplace_back().piece = waiting.piece;
  return at->second;
}

bool Drafting::add(const Waiting& waiting) {
  const Entry& entry = waiting.entry;
  const auto [lane, is_head] = draft_by_lane_.try_emplace(entry.lane, kHeldBack);
  if (!is_head && lane->second == kHeldBack) return true;
  if (entry.next_at > now_) {
    note_earlier(look_again_at_, entry.next_at);
    lane->second = kHeldBack;
    return true;
  }
  const std::size_t index = draft_of(waiting);
  Draft& draft = drafts_[index];
  // An earlier entry of this lane that goes with another batch must go first.
  const bool may_join = is_head || lane->second == index;
  lane->second = may_join && add_to(draft, waiting) ? index : kHeldBack;
  return !draft.full || bounds_.failed != nullptr;
}

bool Drafting::add_to(Draft& draft, const Waiting& waiting) {
  const Entry& entry = waiting.entry;
  if (draft.full) return false;
  if (!draft.keys.empty() && draft.bytes + entry.bytes > bounds_.bytes_max) {
    draft.full = true;
    return false;
  }
  draft.keys.push_back(entry.key);
  draft.bytes += entry.bytes;
  draft.full = draft.bytes >= bounds_.bytes_max || draft.keys.size() >= bounds_.count_max;
  const Instant due_at = waiting.since + bounds_.interval;
  if (waiting.due || due_at <= now_) {
    draft.due = true;
  } else {
    note_earlier(look_again_at_, due_at);
  }
  return true;
}

std::uint32_t Drafting::reluctance(const Draft& draft) const {
  const std::uint32_t failures =
      bounds_.failed == nullptr ? 0 : bounds_.failed->failures(draft.piece);
  return failures > 1 ? failures : 0;
}

bool Drafting::is_ready(const Draft& draft) const {
  return !draft.keys.empty() &&
         (draft.due || draft.full || draft.keys.size() >= bounds_.count_soon);
}

Selection Drafting::finish() {
  Selection selection;
  selection.count_missing = bounds_.count_soon;
  selection.bytes_missing = bounds_.bytes_max;
  Draft* best = nullptr;
  for (Draft& draft : drafts_) {
    if (!is_ready(draft)) {
      selection.count_missing =
          std::min(selection.count_missing, bounds_.count_soon - draft.keys.size());
      selection.bytes_missing = std::min(selection.bytes_missing, bounds_.bytes_max - draft.bytes);
    } else if (best == nullptr || reluctance(draft) < reluctance(*best)) {
      best = &draft;
    }
  }
  if (best != nullptr) {
    selection.keys = std::move(best->keys);
  } else {
    selection.look_again_at = look_again_at_;
  }
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

Selection select_probe(const Window& window, std::span<const Key> probed, Candidates candidates,
                       Instant now) {
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
      if (!any && candidates == Candidates::Any) any = key;
    }
  }
  if (any) selection.keys = {*any};
  return selection;
}

}  // namespace waypost::delivery
