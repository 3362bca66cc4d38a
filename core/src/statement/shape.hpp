#pragma once

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <span>
#include <string_view>

#include "waypost/statement/validate.hpp"

// What an object of a statement may hold, as tables (shapes.hpp) that one reading checks against.
namespace waypost::statement {

class Checker;
struct Frame;
struct Shape;

// What a value must be.
enum class Form : std::uint8_t {
  String,
  Number,
  Boolean,
  // Strings with a format.
  Uuid,
  Iri,
  Uri,
  Timestamp,
  Duration,
  LanguageTag,
  Mailbox,
  Sha1,
  Sha2,
  MediaType,
  StatementVersion,
  // A string that says what the object is; looked at when the object ends.
  ObjectType,
  // Must not be there, whatever it holds.
  Forbidden,
  // Objects whose keys the specification leaves free.
  LanguageMap,
  Extensions,
  // By another shape.
  Object,
  List,
  ComponentList,
  ObjectOrList,
  // Lists of strings.
  StringList,
  IriList,
};

// objectType may stand behind the other members, so one shape holds the properties of all the kinds
// an object may turn out to be, each marked with the kinds it belongs to. A set of bits.
using Kinds = std::uint8_t;

namespace kind {
inline constexpr Kinds kNone = 0;
inline constexpr Kinds kActivity = 1;
inline constexpr Kinds kAgent = 2;
inline constexpr Kinds kGroup = 4;
inline constexpr Kinds kStatementRef = 8;
inline constexpr Kinds kSubStatement = 16;
inline constexpr Kinds kContextAgent = 32;
inline constexpr Kinds kContextGroup = 64;
inline constexpr Kinds kPlain = 128;  // has no objectType
inline constexpr Kinds kActor = kAgent | kGroup;
inline constexpr Kinds kAny = 255;
}  // namespace kind

struct Property {
  std::string_view name;
  Form form = Form::String;
  Kinds kinds = kind::kAny;         // may have it
  Kinds required_by = kind::kNone;  // must have it
  bool only_in_2_0 = false;
  const Shape* shape = nullptr;        // of the object, or of each element of the list
  std::string_view required_rule{};    // the rule that says so
  Member Outline::*outline = nullptr;  // where the outline of the statement notes it
};

// One bit for each property that some kind must have.
constexpr std::uint32_t required_of(std::span<const Property> properties) {
  std::uint32_t required = 0;
  for (std::size_t place = 0; place < properties.size(); ++place) {
    if (properties[place].required_by != kind::kNone) required |= 1U << place;
  }
  return required;
}

struct Shape {
  std::string_view title;  // as a message calls it
  std::span<const Property> properties;
  Kinds kinds = kind::kPlain;         // what it may be
  Kinds default_kind = kind::kPlain;  // what it is without an objectType
  // Rules across properties, asked when the object has ended.
  void (*check)(Checker&, Frame&) = nullptr;
  std::uint32_t required = required_of(properties);
};

inline constexpr std::size_t kPropertiesMax = 20;

// The place of a property in its table; does not compile when there is none of that name.
consteval std::size_t place_of(std::span<const Property> properties, std::string_view name) {
  for (std::size_t i = 0; i < properties.size(); ++i) {
    if (properties[i].name == name) return i;
  }
  std::abort();
}

}  // namespace waypost::statement
