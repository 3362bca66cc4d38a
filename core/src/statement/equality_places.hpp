#pragma once

#include <cstdint>
#include <string_view>

#include "statement/equality_key.hpp"

namespace waypost::statement {

// How a value is compared, by its place in a statement.
enum class Place : std::uint8_t {
  Ignored,
  Plain,     // member by member, element by element
  Verbatim,  // likewise, but what is empty counts too
  Statement,
  Thing,  // an actor or an object: activity, agent, group, statement reference, sub-statement
  Things,
  UnorderedThings,
  Verb,
  Result,
  Context,
  ContextActivities,
  ContextActors,  // contextAgents and contextGroups (IEEE 9274.1.1 section 4.2.2.5)
  ContextActor,
  // Strings that have more than one spelling.
  Id,
  Language,
  Mailto,
  DurationText,
  TimestampText,
};

Place place_of_member(Place object, const Key& key);
Place place_of_element(Place array);

}  // namespace waypost::statement
