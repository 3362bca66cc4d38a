#pragma once

#include <span>
#include <string_view>

// The words that an event may use for verbs and for types of activities, with their published ids.
// docs/events.md lists them.
namespace waypost::statement {

struct Verb {
  std::string_view word;
  std::string_view id;
  std::string_view display;  // in English
};

struct ActivityType {
  std::string_view word;
  std::string_view id;
};

// All of them, in the order of docs/events.md.
std::span<const Verb> verbs();
std::span<const ActivityType> activity_types();

// Nothing (a null pointer) for an unknown word or id. Words and ids are exact in case.
const Verb* find_verb(std::string_view word);
const Verb* find_verb_by_id(std::string_view id);
const ActivityType* find_activity_type(std::string_view word);

}  // namespace waypost::statement
