#include "waypost/delivery/burial.hpp"

namespace waypost::delivery {

std::string_view word(BurialReason reason) {
  switch (reason) {
    case BurialReason::Refused: return "refused";
    case BurialReason::TooLarge: return "too-large";
    case BurialReason::ServerError: return "server-error";
    case BurialReason::Conflict: return "conflict";
    case BurialReason::Unresolved: return "unresolved";
    case BurialReason::Forbidden: return "forbidden";
    case BurialReason::Damaged: return "damaged";
  }
  return "refused";
}

}  // namespace waypost::delivery
