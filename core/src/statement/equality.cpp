#include "waypost/statement/equality.hpp"

#include <algorithm>
#include <array>
#include <cstdint>
#include <span>
#include <vector>

#include "statement/equality_values.hpp"
#include "waypost/json/reader.hpp"
#include "waypost/json/text.hpp"

namespace waypost::statement {
namespace {

using json::TokenKind;

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
  Id,
  Language,
  Mailto,
  DurationText,
  TimestampText,
};

struct Rule {
  std::string_view name;
  Place place;
};

constexpr std::array kStatement{
    Rule{"id", Place::Ignored},      Rule{"authority", Place::Ignored},
    Rule{"stored", Place::Ignored},  Rule{"timestamp", Place::Ignored},
    Rule{"version", Place::Ignored}, Rule{"attachments", Place::Ignored},
    Rule{"actor", Place::Thing},     Rule{"verb", Place::Verb},
    Rule{"object", Place::Thing},    Rule{"result", Place::Result},
    Rule{"context", Place::Context},
};

// No activity has the id of a statement reference: a UUID is no IRI. The timestamp of a
// sub-statement counts: what an LRS assigns and so may change (section 2.3.1, first item) is the
// statement's own; a sub-statement's is its author's word, of which only the serialization may
// change (fourth item).
constexpr std::array kThing{
    Rule{"id", Place::Id},           Rule{"definition", Place::Ignored},
    Rule{"mbox", Place::Mailto},     Rule{"member", Place::UnorderedThings},
    Rule{"actor", Place::Thing},     Rule{"verb", Place::Verb},
    Rule{"object", Place::Thing},    Rule{"result", Place::Result},
    Rule{"context", Place::Context}, Rule{"timestamp", Place::TimestampText},
};

constexpr std::array kVerb{Rule{"display", Place::Ignored}};

constexpr std::array kResult{
    Rule{"duration", Place::DurationText},
    Rule{"extensions", Place::Verbatim},
};

constexpr std::array kContext{
    Rule{"registration", Place::Id},
    Rule{"instructor", Place::Thing},
    Rule{"team", Place::Thing},
    Rule{"statement", Place::Thing},
    Rule{"language", Place::Language},
    Rule{"contextActivities", Place::ContextActivities},
    Rule{"contextAgents", Place::ContextActors},
    Rule{"contextGroups", Place::ContextActors},
    Rule{"extensions", Place::Verbatim},
};

constexpr std::array kContextActor{Rule{"agent", Place::Thing}, Rule{"group", Place::Thing}};

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

Place place_of_member(Place object, std::string_view name) {
  if (object == Place::ContextActivities) return Place::Things;
  for (const Rule& rule : rules_of(object)) {
    if (rule.name == name) return rule.place;
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

// Writes the comparable text while the statement is read once: members sorted by their names,
// strings in their one shortest spelling.
class ComparableWriter {
 public:
  explicit ComparableWriter(std::string_view statement)
      : reader_(statement, json::DuplicateKeys::KnownAbsent) {
    comparable_.reserve(statement.size());
  }

  std::string write() {
    append(reader_.next(), Place::Statement);
    return std::move(comparable_);
  }

 private:
  // What was appended for one member or element.
  struct Piece {
    std::size_t begin = 0;
    std::size_t end = 0;
  };

  void append(json::Token first, Place place) {
    switch (first.kind) {
      case TokenKind::ObjectBegin:
        if (place == Place::Things) return append_as_array();
        return append_object(place);
      case TokenKind::ArrayBegin: return append_array(place);
      case TokenKind::String: return append_string(first, place);
      default: comparable_ += reader_.raw(first);
    }
  }

  // One context activity is as good as an array of it (xAPI-Data 1.0.3 section 2.4.6.2).
  void append_as_array() {
    comparable_ += '[';
    append_object(Place::Thing);
    comparable_ += ']';
  }

  void append_object(Place place) {
    const std::size_t begin = comparable_.size();
    const std::size_t first = pieces_.size();
    std::string scratch;
    for (auto key = reader_.next(); key.kind == TokenKind::Key; key = reader_.next()) {
      const auto name = reader_.decoded(key, scratch);
      const Place member = place_of_member(place, name);
      if (member == Place::Ignored) {
        reader_.skip(reader_.next());
        continue;
      }
      const std::size_t member_begin = comparable_.size();
      append_shortest(key, name);
      comparable_ += ':';
      const std::size_t value_begin = comparable_.size();
      append(reader_.next(), member);
      if (place != Place::Verbatim && std::string_view(comparable_).substr(value_begin) == "{}") {
        comparable_.resize(member_begin);
      } else {
        pieces_.push_back({member_begin, comparable_.size()});
      }
    }
    sort(first);
    join(begin, first, '{', '}');
  }

  void append_array(Place place) {
    const std::size_t begin = comparable_.size();
    const std::size_t first = pieces_.size();
    for (auto token = reader_.next();
         token.kind != TokenKind::ArrayEnd && token.kind != TokenKind::Error;
         token = reader_.next()) {
      const std::size_t element_begin = comparable_.size();
      append(token, place_of_element(place));
      pieces_.push_back({element_begin, comparable_.size()});
    }
    if (place == Place::UnorderedThings) sort(first);
    join(begin, first, '[', ']');
  }

  std::string_view text(const Piece& piece) const {
    return std::string_view(comparable_).substr(piece.begin, piece.end - piece.begin);
  }

  void sort(std::size_t first) {
    const auto before = [&](const Piece& left, const Piece& right) {
      return text(left) < text(right);
    };
    const auto begin = pieces_.begin() + static_cast<std::ptrdiff_t>(first);
    if (!std::is_sorted(begin, pieces_.end(), before)) std::sort(begin, pieces_.end(), before);
  }

  // Puts the pieces from `first` on, which were appended from `begin` on, into their order and
  // between brackets. Each level of nesting copies what is inside it once more; validation bounds
  // the levels.
  void join(std::size_t begin, std::size_t first, char open, char close) {
    joined_.assign(1, open);
    for (std::size_t i = first; i < pieces_.size(); ++i) {
      if (i != first) joined_ += ',';
      joined_ += text(pieces_[i]);
    }
    joined_ += close;
    comparable_.resize(begin);
    comparable_ += joined_;
    pieces_.resize(first);
  }

  // Without an escape a string stands in its shortest spelling already.
  void append_shortest(json::Token token, std::string_view decoded) {
    if (!token.escaped) {
      comparable_ += reader_.raw(token);
    } else {
      json::append_string(comparable_, decoded);
    }
  }

  void append_string(json::Token token, Place place) {
    std::string scratch;
    const auto string = reader_.decoded(token, scratch);
    switch (place) {
      case Place::Id: return json::append_string(comparable_, comparable_id(string));
      case Place::Language: return json::append_string(comparable_, comparable_language(string));
      case Place::Mailto: return json::append_string(comparable_, comparable_mailto(string));
      case Place::DurationText:
        return json::append_string(comparable_, comparable_duration(string));
      case Place::TimestampText:
        if (const auto instant = instant_of(string)) {
          comparable_ += std::to_string(*instant);
          return;
        }
        break;
      default: break;
    }
    append_shortest(token, string);
  }

  json::Reader reader_;
  std::string comparable_;
  std::vector<Piece> pieces_;  // of the objects and arrays that are open
  std::string joined_;
};

}  // namespace

std::string comparable(std::string_view statement) {
  return ComparableWriter(statement).write();
}

}  // namespace waypost::statement
