#include "waypost/delivery/condition.hpp"

namespace waypost::delivery {

std::string_view word(Condition condition) {
  switch (condition) {
    case Condition::Outage: return "outage";
    case Condition::Blocked: return "blocked";
  }
  return "blocked";
}

}  // namespace waypost::delivery
