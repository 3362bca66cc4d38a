#include "statement/completion/verb_and_object.hpp"

#include <algorithm>
#include <array>

#include "statement/completion/suggestion.hpp"
#include "statement/message.hpp"
#include "waypost/json/text.hpp"
#include "waypost/statement/verb_vocabulary.hpp"

namespace waypost::statement {
namespace {

bool is_iri(std::string_view text) {
  return text.find(':') != std::string_view::npos;
}

// Without an objectType these tell an actor, whose name is no short form.
bool is_of_actors_only(std::string_view name) {
  return name == "mbox" || name == "mbox_sha1sum" || name == "openid" || name == "account" ||
         name == "member";
}

void append_verb(std::string& to, const Verb& verb) {
  to += "{\"id\":\"";
  to += verb.id;
  to += "\",\"display\":{\"en\":\"";
  to += verb.display;
  to += "\"}}";
}

void append_name(std::string& to, const Slice& name, std::string_view language) {
  if (!name.is_string()) {
    to += name.raw;
    return;
  }
  ObjectWriter map(to);
  map.key(language);
  to += name.raw;
  map.close();
}

void append_type(std::string& to, const Slice& type, std::vector<Violation>& violations) {
  std::string scratch;
  const auto text = type.is_string() ? decoded(type, scratch) : std::string_view();
  if (!type.is_string() || is_iri(text)) {
    to += type.raw;
    return;
  }
  if (const ActivityType* known = find_activity_type(text)) {
    json::append_string(to, known->id);
    return;
  }
  Suggestion suggestion(text);
  for (const ActivityType& known : activity_types()) suggestion.consider(known.word);
  violations.push_back({"/object/type", "event.activity-type",
                        joined({shown(text), " is no known type of activity.",
                                suggestion.question(), " Any other type is an IRI."})});
}

struct ShortForm {
  std::string_view place;  // in the statement
  std::string_view path;   // in the event
};

constexpr std::array<ShortForm, 3> kShortForms{{
    {"/object/definition/name", "/object/name"},
    {"/object/definition/description", "/object/description"},
    {"/object/definition/type", "/object/type"},
}};

}  // namespace

void append_verb(std::string& to, const Slice& verb, std::vector<Violation>& violations) {
  if (!verb.is_string()) {
    to += verb.raw;
    return;
  }
  std::string scratch;
  const auto text = decoded(verb, scratch);
  if (const Verb* known = is_iri(text) ? find_verb_by_id(text) : find_verb(text)) {
    append_verb(to, *known);
    return;
  }
  if (is_iri(text)) {
    ObjectWriter object(to);
    object.name("id");
    to += verb.raw;
    object.close();
    return;
  }
  Suggestion suggestion(text);
  for (const Verb& known : verbs()) suggestion.consider(known.word);
  violations.push_back({"/verb", "event.verb-word",
                        joined({shown(text), " is no verb of the vocabulary.",
                                suggestion.question(), " Any other verb is an IRI."})});
}

EventObject::EventObject(const Slice& value) : value_(value) {
  if (!value.is_object()) return;
  Slice object_type;
  bool like_actor = false;
  visit_members(value.raw, [&](std::string_view name, std::string_view, const Slice& member) {
    if (name == "objectType") object_type = member;
    if (name == "definition") definition_ = member;
    if (name == "name") name_ = member;
    if (name == "description") description_ = member;
    if (name == "type") type_ = member;
    like_actor = like_actor || is_of_actors_only(name);
  });
  std::string scratch;
  activity_ = object_type.is_string() ? decoded(object_type, scratch) == "Activity" : !like_actor;
  // Agents and groups have a name of their own.
  if (!activity_) name_ = description_ = type_ = {};
}

bool EventObject::in_full() const {
  return !value_.is_string() && !name_.present() && !description_.present() && !type_.present();
}

void EventObject::append(std::string& to, std::string_view language,
                         std::vector<Violation>& violations) const {
  if (in_full()) {
    to += value_.raw;
    return;
  }
  ObjectWriter object(to);
  if (value_.is_string()) {
    object.name("id");
    to += value_.raw;
    object.close();
    return;
  }
  visit_members(value_.raw, [&](std::string_view name, std::string_view key, const Slice& member) {
    if (name == "name" || name == "description" || name == "type" || name == "definition") return;
    object.key(key);
    to += member.raw;
  });
  object.name("definition");
  append_definition(to, language, violations);
  object.close();
}

void EventObject::append_definition(std::string& to, std::string_view language,
                                    std::vector<Violation>& violations) const {
  if (definition_.present() && !definition_.is_object()) {
    to += definition_.raw;
    return;
  }
  ObjectWriter definition(to);
  if (name_.present()) {
    definition.name("name");
    append_name(to, name_, language);
  }
  if (description_.present()) {
    definition.name("description");
    append_name(to, description_, language);
  }
  if (type_.present()) {
    definition.name("type");
    append_type(to, type_, violations);
  }
  if (definition_.present()) {
    const auto in_short = [&](std::string_view name) {
      return (name == "name" && name_.present()) || (name == "type" && type_.present()) ||
             (name == "description" && description_.present());
    };
    visit_members(definition_.raw,
                  [&](std::string_view name, std::string_view key, const Slice& member) {
                    if (in_short(name)) {
                      std::string path = "/object";
                      json::append_pointer_token(path, name);
                      violations.push_back({std::move(path), "event.given-twice",
                                            "This is given here and in the object's definition. "
                                            "Keep one of the two."});
                    }
                    definition.key(key);
                    to += member.raw;
                  });
  }
  definition.close();
}

std::string EventObject::path_in_event(std::string_view path) const {
  if (value_.is_string()) return "/object";
  const std::array<const Slice*, kShortForms.size()> values{&name_, &description_, &type_};
  for (std::size_t i = 0; i < kShortForms.size(); ++i) {
    const ShortForm& form = kShortForms.at(i);
    if (!values.at(i)->present() || !path.starts_with(form.place)) continue;
    const auto rest = values.at(i)->is_object() ? path.substr(form.place.size()) : "";
    return joined({form.path, rest});
  }
  return std::string(path);
}

}  // namespace waypost::statement
