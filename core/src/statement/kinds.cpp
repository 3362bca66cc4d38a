#include "statement/kinds.hpp"

#include <array>
#include <bit>

#include "statement/formats/characters.hpp"
#include "statement/message.hpp"
#include "statement/shapes.hpp"

namespace waypost::statement {
namespace {

struct KindName {
  Kinds kind;
  std::string_view name;
};

constexpr auto kKindNames = std::to_array<KindName>({
    {kind::kActivity, "Activity"},
    {kind::kAgent, "Agent"},
    {kind::kGroup, "Group"},
    {kind::kStatementRef, "StatementRef"},
    {kind::kSubStatement, "SubStatement"},
    {kind::kContextAgent, "contextAgent"},
    {kind::kContextGroup, "contextGroup"},
});

constexpr std::size_t kObjectType = place_of(kThingProperties, "objectType");
static_assert(kObjectType == place_of(kContextAgentProperties, "objectType"));
static_assert(kObjectType == place_of(kContextGroupProperties, "objectType"));

std::string_view name_of(Kinds kind) {
  for (const KindName& known : kKindNames) {
    if (known.kind == kind) return known.name;
  }
  return {};
}

bool may_only_be_actor(const Shape& shape) {
  return (shape.kinds & ~kind::kActor) == 0;
}

// "Activity" or "Agent" or "Group"
std::string names_of(Kinds kinds) {
  std::string names;
  for (const KindName& known : kKindNames) {
    if ((known.kind & kinds) == 0) continue;
    if (!names.empty()) names += " or ";
    names += shown(known.name);
  }
  return names;
}

Kinds kind_from_object_type(Checker& checker, const Frame& frame) {
  const std::string_view given = checker.decoded(frame.values[kObjectType]);
  Kinds almost = kind::kNone;
  for (const KindName& known : kKindNames) {
    if (given == known.name && (frame.shape.kinds & known.kind) != 0) return known.kind;
    if (equal_ignoring_case(given, known.name)) almost = known.kind;
  }
  if (almost == kind::kSubStatement && &frame.shape == &kInnerObject) {
    checker.report(rule("substatement.nested"), "/objectType",
                   {"A SubStatement cannot hold another SubStatement. Refer to it by a "
                    "StatementRef instead."});
    return kind::kNone;
  }
  const std::string_view broken =
      may_only_be_actor(frame.shape) ? rule("actor.object-type") : rule("object.object-type");
  const bool spelling = (almost & frame.shape.kinds) != 0;
  checker.report(broken, "/objectType",
                 {"The objectType of ", frame.shape.title, " must be ",
                  names_of(spelling ? almost : frame.shape.kinds), ", not ", shown(given), "."});
  return kind::kNone;
}

// Without an objectType, the object of a statement is an Activity; one that looks like an actor or
// a SubStatement is told what it lacks, not what it has too much.
Kinds kind_without_object_type(Checker& checker, const Frame& frame) {
  const auto has = [&](std::size_t place) { return frame.has(place); };
  const bool looks_like_group = has(place_of(kThingProperties, "member"));
  const bool looks_like_actor = looks_like_group || has(place_of(kThingProperties, "mbox")) ||
                                has(place_of(kThingProperties, "mbox_sha1sum")) ||
                                has(place_of(kThingProperties, "openid")) ||
                                has(place_of(kThingProperties, "account"));
  const Shape& shape = frame.shape;
  const bool open = &shape == &kObject || &shape == &kInnerObject;
  Kinds kind = shape.default_kind;
  if (kind == kind::kNone) kind = shape.kinds;
  if (open && looks_like_actor) kind = looks_like_group ? kind::kGroup : kind::kAgent;
  const bool looks_like_statement =
      has(place_of(kThingProperties, "verb")) && !has(place_of(kThingProperties, "id"));
  if (looks_like_statement) kind = kind::kSubStatement;
  if (kind != shape.default_kind) {
    checker.report(rule("object.object-type-required"), "",
                   {"Add \"objectType\": ", shown(name_of(kind)), "."});
  }
  return kind;
}

void report_misplaced(Checker& checker, const Frame& frame, const Property& property) {
  const std::string below = joined({"/", property.name});
  const bool forbidden = frame.kind == kind::kSubStatement &&
                         (property.form == Form::Forbidden || property.name == "id");
  if (forbidden) {
    checker.report(rule("substatement.forbidden-property"), below,
                   {"Remove ", property.name, ": a SubStatement must not have it."});
    return;
  }
  checker.report(rule("statement.unknown-property"), below,
                 {shown(property.name), " is not a property of objectType ",
                  shown(name_of(frame.kind)), ". Remove it or correct the objectType."});
}

}  // namespace

Kinds decide_kind(Checker& checker, const Frame& frame) {
  if (frame.shape.kinds == kind::kPlain) return kind::kPlain;
  if (!frame.has(kObjectType)) return kind_without_object_type(checker, frame);
  if (!frame.has(kObjectType, json::TokenKind::String)) return kind::kNone;
  return kind_from_object_type(checker, frame);
}

void check_membership(Checker& checker, const Frame& frame) {
  // Where only one kind may stand, no property can be of another.
  const bool all_belong = frame.kind == frame.shape.kinds;
  const std::uint32_t required = frame.shape.required;
  std::uint32_t left = all_belong ? required & ~frame.seen : required | frame.seen;
  for (; left != 0; left &= left - 1) {
    const auto place = static_cast<std::size_t>(std::countr_zero(left));
    const Property& property = frame.shape.properties[place];
    if (frame.has(place)) {
      const bool belongs = (property.kinds & frame.kind) != 0 && property.form != Form::Forbidden;
      if (!belongs) report_misplaced(checker, frame, property);
    } else if ((property.required_by & frame.kind) != 0) {
      checker.report(property.required_rule, "",
                     {"Add ", property.name, ": ", frame.shape.title, " must have it."});
    }
  }
}

void report_unknown_property(Checker& checker, const Shape& shape, std::string_view name) {
  for (const Property& property : shape.properties) {
    if ((property.kinds & shape.kinds) == 0 || !equal_ignoring_case(property.name, name)) continue;
    if (property.name == name) {
      checker.report(rule("statement.unknown-property"), "",
                     {property.name, " belongs to xAPI 2.0; this statement is checked as 1.0.3."});
    } else {
      checker.report(rule("statement.unknown-property"), "",
                     {"Did you mean ", property.name, "? ", shown(name), " is not a property of ",
                      shape.title, "."});
    }
    return;
  }
  checker.report(rule("statement.unknown-property"), "",
                 {shown(name), " is not a property of ", shape.title,
                  ". Remove it, or put it into the extensions of the result or the context."});
}

}  // namespace waypost::statement
