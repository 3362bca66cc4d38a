#pragma once

#include <functional>
#include <optional>
#include <string>

#include "proxy/lrs_client/lrs_client.hpp"
#include "waypost/delivery/engine.hpp"
#include "waypost/statement/validate.hpp"

namespace waypost::relay {

// The statement that an LRS says it has already.
struct LookUpQuestion {
  Uuid id;
  std::string statement;  // as it would be sent: valid
  statement::Version version = statement::Version::V1_0_3;
};

struct LookUpAnswer {
  // Nothing where there was no answer to the question; the outcome says what there was instead.
  std::optional<delivery::Found> found;
  LrsAnswer last;  // of the one or two requests that were made
};

// Asks for the statement by statementId and, where there is none, by voidedStatementId
// (xAPI-Communication 1.0.3 section 2.1.3), and compares. `done` is called by a later poll() of the
// client, once.
void look_up(LrsClient& client, const LrsEndpoint& endpoint, LookUpQuestion question,
             std::function<void(LookUpAnswer)> done);

}  // namespace waypost::relay
