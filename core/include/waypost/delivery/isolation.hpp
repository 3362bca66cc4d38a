#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <span>

#include "waypost/delivery/window.hpp"

namespace waypost::delivery {

// Entries of a batch that failed. They go together and without others: the same bytes again, or,
// once it is clear that one of them is the reason, halves of halves.
struct Piece {
  std::size_t members = 0;
  std::uint32_t failures = 0;  // of the piece as it is
  // Of a single entry: answers that may be about it, and look-ups that did not find it.
  std::uint32_t failures_alone = 0;
  std::uint32_t absences = 0;
  // How many entries the next hop had stored before this first failed. More by now: others pass.
  std::uint64_t stored_before = 0;
  bool is_part = false;  // of a batch that was halved
};

// The pieces into which failed batches were cut. Halving finds k bad entries of n within
// 2·k·⌈log2 n⌉ + 1 requests.
class Isolation {
 public:
  bool empty() const { return pieces_.empty(); }

  // The piece that is a batch which was selected from the window; a new one where there is none.
  Piece& piece_of(Window& window, std::span<const Key> batch, std::uint64_t stored);

  // Cuts a batch of more than one that has a piece into halves, which go one after the other.
  void halve(Window& window, std::span<const Key> batch);

  // The entries are about to leave the window.
  void leave(Window& window, std::span<const Key> keys);

  // Failures of a piece; 0 for none.
  std::uint32_t failures(PieceId id) const;

 private:
  void move_to(Window& window, std::span<const Key> keys, const Piece& kind);
  void leave(Waiting& waiting);

  std::map<PieceId, Piece> pieces_;
  PieceId last_ = kNoPiece;
};

}  // namespace waypost::delivery
