#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "statement/completion/source.hpp"
#include "waypost/statement/violation.hpp"

// What an event says of its verb and its object, in short, written out as xAPI has it.
namespace waypost::statement {

// A word of the vocabulary or an IRI becomes a Verb; anything else stays as it is.
void append_verb(std::string& to, const Slice& verb, std::vector<Violation>& violations);

// The object of an event: an IRI, an activity with the short forms name, description and type
// beside its id, or any object of xAPI as it is.
class EventObject {
 public:
  EventObject() = default;
  EventObject(const Slice& value, const ObjectParts& parts);

  bool is_activity() const { return activity_; }

  // Whether it stands in the event as it will in the statement.
  bool in_full() const;

  // `language` is the JSON string of the language of plain-text names.
  void append(std::string& to, std::string_view language, std::vector<Violation>& violations) const;

  // Where the author wrote what the statement has at `path`, which begins with "/object".
  std::string path_in_event(std::string_view path) const;

 private:
  void append_definition(std::string& to, std::string_view language,
                         std::vector<Violation>& violations) const;

  const Slice& part(ObjectPart part) const { return parts_[static_cast<std::size_t>(part)]; }

  Slice value_;
  ObjectParts parts_;
  bool activity_ = true;
};

}  // namespace waypost::statement
