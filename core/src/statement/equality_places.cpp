#include "statement/equality_places.hpp"

#include <array>
#include <span>

namespace waypost::statement {
namespace {

struct Rule {
  // `quoted` stands in quotes.
  consteval Rule(std::string_view quoted, Place its_place)
      : key(quoted, quoted.size()), place(its_place) {}

  Key key;
  Place place;
};

constexpr std::array kStatement{
    Rule{R"("id")", Place::Ignored},      Rule{R"("authority")", Place::Ignored},
    Rule{R"("stored")", Place::Ignored},  Rule{R"("timestamp")", Place::Ignored},
    Rule{R"("version")", Place::Ignored}, Rule{R"("attachments")", Place::Ignored},
    Rule{R"("actor")", Place::Thing},     Rule{R"("verb")", Place::Verb},
    Rule{R"("object")", Place::Thing},    Rule{R"("result")", Place::Result},
    Rule{R"("context")", Place::Context},
};

// No activity has the id of a statement reference: a UUID is no IRI. The timestamp of a
// sub-statement counts: what an LRS assigns and so may change (section 2.3.1, first item) is the
// statement's own; a sub-statement's is its author's word, of which only the serialization may
// change (fourth item).
constexpr std::array kThing{
    Rule{R"("id")", Place::Id},           Rule{R"("definition")", Place::Ignored},
    Rule{R"("mbox")", Place::Mailto},     Rule{R"("member")", Place::UnorderedThings},
    Rule{R"("actor")", Place::Thing},     Rule{R"("verb")", Place::Verb},
    Rule{R"("object")", Place::Thing},    Rule{R"("result")", Place::Result},
    Rule{R"("context")", Place::Context}, Rule{R"("timestamp")", Place::TimestampText},
};

constexpr std::array kVerb{Rule{R"("display")", Place::Ignored}};

constexpr std::array kResult{
    Rule{R"("duration")", Place::DurationText},
    Rule{R"("extensions")", Place::Verbatim},
};

constexpr std::array kContext{
    Rule{R"("registration")", Place::Id},
    Rule{R"("instructor")", Place::Thing},
    Rule{R"("team")", Place::Thing},
    Rule{R"("statement")", Place::Thing},
    Rule{R"("language")", Place::Language},
    Rule{R"("contextActivities")", Place::ContextActivities},
    Rule{R"("contextAgents")", Place::ContextActors},
    Rule{R"("contextGroups")", Place::ContextActors},
    Rule{R"("extensions")", Place::Verbatim},
};

constexpr std::array kContextActor{Rule{R"("agent")", Place::Thing},
                                   Rule{R"("group")", Place::Thing}};

std::span<const Rule> rules_of(Place place) {
  switch (place) {
    case Place::Statement: return kStatement;
    case Place::Thing: return kThing;
    case Place::Verb: return kVerb;
    case Place::Result: return kResult;
    case Place::Context: return kContext;
    case Place::ContextActor: return kContextActor;
    default: return {};
  }
}

}  // namespace

Place place_of_member(Place object, const Key& key) {
  if (object == Place::ContextActivities) return Place::Things;
  for (const Rule& rule : rules_of(object)) {
    if (rule.key == key) return rule.place;
  }
  return object == Place::Verbatim ? Place::Verbatim : Place::Plain;
}

Place place_of_element(Place array) {
  switch (array) {
    case Place::Things:
    case Place::UnorderedThings: return Place::Thing;
    case Place::ContextActors: return Place::ContextActor;
    case Place::Verbatim: return Place::Verbatim;
    default: return Place::Plain;
  }
}

}  // namespace waypost::statement
