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

// A member of the definition that an event may write beside the id.
struct ShortForm {
  std::string_view name;
  ObjectPart part;
};

constexpr std::array<ShortForm, 3> kShortForms{{
    {"name", ObjectPart::Name},
    {"description", ObjectPart::Description},
    {"type", ObjectPart::Type},
}};

const ShortForm* short_form(std::string_view name) {
  for (const ShortForm& form : kShortForms) {
    if (form.name == name) return &form;
  }
  return nullptr;
}

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

EventObject::EventObject(const Slice& value, const ObjectParts& parts)
    : value_(value), parts_(parts) {
  if (!value.is_object()) return;
  const Slice& object_type = part(ObjectPart::ObjectType);
  if (object_type.is_string()) {
    std::string scratch;
    activity_ = decoded(object_type, scratch) == "Activity";
  } else {
    activity_ = std::none_of(parts_.begin() + static_cast<std::size_t>(ObjectPart::Mbox),
                             parts_.end(), [](const Slice& slice) { return slice.present(); });
  }
}

bool EventObject::in_full() const {
  if (value_.is_string()) return false;
  // Agents and groups have a name of their own.
  return !activity_ || std::none_of(kShortForms.begin(), kShortForms.end(),
                                    [&](const auto& form) { return part(form.part).present(); });
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
  for (MemberCursor member(value_.raw); member.next();) {
    if (member.name() == "definition" || short_form(member.name()) != nullptr) continue;
    object.key(member.key());
    to += member.value().raw;
  }
  object.name("definition");
  append_definition(to, language, violations);
  object.close();
}

void EventObject::append_definition(std::string& to, std::string_view language,
                                    std::vector<Violation>& violations) const {
  const Slice& given = part(ObjectPart::Definition);
  if (given.present() && !given.is_object()) {
    to += given.raw;
    return;
  }
  ObjectWriter definition(to);
  for (const ShortForm& form : kShortForms) {
    const Slice& value = part(form.part);
    if (!value.present()) continue;
    definition.name(form.name);
    if (form.part == ObjectPart::Type) {
      append_type(to, value, violations);
    } else {
      append_name(to, value, language);
    }
  }
  for (MemberCursor member(given.present() ? given.raw : "{}"); member.next();) {
    const ShortForm* form = short_form(member.name());
    if (form != nullptr && part(form->part).present()) {
      violations.push_back({joined({"/object/", form->name}), "event.given-twice",
                            "This is given here and in the object's definition. Keep one of the "
                            "two."});
    }
    definition.key(member.key());
    to += member.value().raw;
  }
  definition.close();
}

std::string EventObject::path_in_event(std::string_view path) const {
  if (value_.is_string()) return "/object";
  for (const ShortForm& form : kShortForms) {
    const std::string place = joined({"/object/definition/", form.name});
    const Slice& value = part(form.part);
    if (in_full() || !value.present() || !path.starts_with(place)) continue;
    return joined({"/object/", form.name, value.is_object() ? path.substr(place.size()) : ""});
  }
  return std::string(path);
}

}  // namespace waypost::statement
