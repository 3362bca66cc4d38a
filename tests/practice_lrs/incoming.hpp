#pragma once

#include <optional>
#include <string_view>
#include <vector>

#include "practice_lrs/http.hpp"
#include "waypost/statement/validate.hpp"
#include "waypost/uuid.hpp"

namespace waypost::practice {

// A statement of a request; `text` points into the request's body.
struct Incoming {
  Uuid id;
  bool has_own_id = false;  // else it was given one here
  std::string_view text;
  std::optional<Uuid> voids;  // the statement that this one voids
};

struct Reading {
  statement::Rules rules;
  bool accept_all = false;  // whatever is JSON and looks like a list of statements
};

// The statements of a body: those that brought no id are given one. False: `refusal` says why, and
// nothing of the request may be stored.
bool read_incoming(std::string_view body, const Reading& reading, std::vector<Incoming>& incoming,
                   Answer& refusal);

}  // namespace waypost::practice
