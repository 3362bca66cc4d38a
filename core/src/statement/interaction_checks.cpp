#include <array>

#include "statement/checker.hpp"
#include "statement/checks.hpp"
#include "statement/message.hpp"
#include "statement/shapes.hpp"

// Interaction activities (xAPI-Data 1.0.3 section 2.4.4.1).
namespace waypost::statement {
namespace {

using json::TokenKind;

consteval std::uint32_t bit(std::string_view name) {
  return 1U << place_of(kDefinitionProperties, name);
}

struct InteractionType {
  std::string_view name;
  std::uint32_t lists;  // the component lists it uses
};

constexpr auto kInteractionTypes = std::to_array<InteractionType>({
    {"true-false", 0},
    {"choice", bit("choices")},
    {"fill-in", 0},
    {"long-fill-in", 0},
    {"matching", bit("source") | bit("target")},
    {"performance", bit("steps")},
    {"sequencing", bit("choices")},
    {"likert", bit("scale")},
    {"numeric", 0},
    {"other", 0},
});

constexpr std::uint32_t kLists =
    bit("choices") | bit("scale") | bit("source") | bit("target") | bit("steps");

const InteractionType* find_type(std::string_view name) {
  for (const InteractionType& type : kInteractionTypes) {
    if (type.name == name) return &type;
  }
  return nullptr;
}

void check_lists(Checker& checker, const Frame& definition, const InteractionType& type) {
  const std::uint32_t misplaced = definition.seen & kLists & ~type.lists;
  for (std::size_t place = 0; place < definition.shape.properties.size(); ++place) {
    if (((misplaced >> place) & 1U) == 0) continue;
    const std::string_view name = definition.shape.properties[place].name;
    checker.report(rule("interaction.component-list"), joined({"/", name}),
                   {"Remove ", name, ": interactionType ", shown(type.name), " does not use it."});
  }
}

}  // namespace

void check_definition(Checker& checker, Frame& definition) {
  constexpr std::size_t kType = place_of(kDefinitionProperties, "interactionType");
  if (!definition.has(kType)) {
    if ((definition.seen & (kLists | bit("correctResponsesPattern"))) == 0) return;
    checker.report(rule("interaction.type-required"), "",
                   {"Add interactionType: correctResponsesPattern, choices, scale, source, target "
                    "and steps need it."});
    return;
  }
  if (!definition.has(kType, TokenKind::String)) return;
  const std::string_view name = checker.decoded(definition.values[kType]);
  if (const InteractionType* type = find_type(name)) {
    check_lists(checker, definition, *type);
    return;
  }
  checker.report(rule("interaction.type"), "/interactionType",
                 {"interactionType must be one of true-false, choice, fill-in, long-fill-in, "
                  "matching, performance, sequencing, likert, numeric, other; ",
                  shown(name), " is not."});
}

void check_component(Checker& checker, Frame& component) {
  constexpr std::size_t kId = place_of(kComponentProperties, "id");
  if (!component.has(kId, TokenKind::String)) return;
  if (checker.decoded(component.values[kId]).empty()) {
    checker.report(rule("component.id-required"), "/id", {"Give the component an id."});
    return;
  }
  checker.note_component_id(component.values[kId]);
}

}  // namespace waypost::statement
