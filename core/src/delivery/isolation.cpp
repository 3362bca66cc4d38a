#include "waypost/delivery/isolation.hpp"

#include <cassert>

namespace waypost::delivery {

Piece& Isolation::piece_of(Window& window, std::span<const Key> batch, std::uint64_t stored) {
  assert(!batch.empty());
  const Waiting* first = window.find(batch.front());
  assert(first != nullptr);
  if (first->piece == kNoPiece) {
    move_to(window, batch, Piece{.stored_before = stored});
  } else if (const Piece& whole = pieces_.at(first->piece); whole.members > batch.size()) {
    // What fails now is not what failed before.
    move_to(window, batch, {.stored_before = whole.stored_before, .is_part = whole.is_part});
  }
  return pieces_.at(first->piece);
}

void Isolation::halve(Window& window, std::span<const Key> batch) {
  assert(batch.size() > 1);
  const Piece& whole = pieces_.at(window.find(batch.front())->piece);
  const Piece half{.stored_before = whole.stored_before, .is_part = true};
  const std::size_t middle = (batch.size() + 1) / 2;
  move_to(window, batch.first(middle), half);
  move_to(window, batch.subspan(middle), half);
}

void Isolation::move_to(Window& window, std::span<const Key> keys, const Piece& kind) {
  const PieceId id = ++last_;
  Piece& piece = pieces_.emplace(id, kind).first->second;
  for (const Key key : keys) {
    Waiting* waiting = window.find(key);
    if (waiting == nullptr) continue;
    leave(*waiting);
    waiting->piece = id;
    waiting->due = true;
    ++piece.members;
  }
}

void Isolation::leave(Window& window, std::span<const Key> keys) {
  if (empty()) return;
  for (const Key key : keys) {
    Waiting* waiting = window.find(key);
    if (waiting != nullptr) leave(*waiting);
  }
}

void Isolation::leave(Waiting& waiting) {
  if (waiting.piece == kNoPiece) return;
  const auto at = pieces_.find(waiting.piece);
  waiting.piece = kNoPiece;
  if (--at->second.members == 0) pieces_.erase(at);
}

std::uint32_t Isolation::failures(PieceId id) const {
  const auto at = pieces_.find(id);
  return at == pieces_.end() ? 0 : at->second.failures;
}

}  // namespace waypost::delivery
