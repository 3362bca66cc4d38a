#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "waypost/statement/validate.hpp"
#include "waypost/time.hpp"
#include "waypost/uuid.hpp"

// An event as an author writes it becomes a full statement.
namespace waypost::statement {

// What the edge knows of the page and gives in, for lack of a clock and of randomness in core.
struct CompletionContext {
  // A JSON object, or empty: what the page says for all its events. Members: actor, object (used
  // when the event names none), language (of plain-text names; "und" unless given), context.
  std::string_view defaults;
  Uuid id;      // used unless the event brings its own
  Instant now;  // likewise
  Rules rules;  // `unstamped` is usual in a page
};

struct Completion {
  std::string statement;              // empty when there are violations
  std::vector<Violation> violations;  // paths point into the event where its author can mend it
};

// `event` is the JSON text of an event; docs/events.md has its whole grammar. Values are carried
// over byte for byte (numbers keep their spelling). A full statement is an event too.
Completion complete(std::string_view event, const CompletionContext& context);

}  // namespace waypost::statement
