#include "waypost/delivery/condition.hpp"

namespace waypost::delivery {

std::string_view word(Condition condition) {
  switch (condition) {
    case Condition::Outage: return "outage";
    case Condition::Blocked: return "blocked";
  }
  return "blocked";
}

std::string_view word(BlockCause cause) {
  switch (cause) {
    case BlockCause::Unauthorized: return "unauthorized";
    case BlockCause::Forbidden: return "forbidden";
    case BlockCause::Endpoint: return "endpoint";
    case BlockCause::Tls: return "tls";
    case BlockCause::Suspect: return "suspect";
  }
  return "endpoint";
}

}  // namespace waypost::delivery
