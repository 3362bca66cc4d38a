#include "waypost/statement/validate.hpp"

#include <array>
#include <string>

#include "statement/checker.hpp"
#include "statement/message.hpp"
#include "waypost/statement/rule.hpp"

namespace waypost::statement {
namespace {

using json::FlawKind;
using json::Token;
using json::TokenKind;

Violation violation(std::string_view rule, std::string message) {
  return {std::string(), rule, std::move(message)};
}

// The reading ended: what ended it is always told, even of a statement with much else wrong.
void add_error(Validation& validation, const json::Flaw& error) {
  auto& violations = validation.violations;
  if (violations.size() == limits::kViolationsPerStatementMax) violations.pop_back();
  violations.push_back(violation_of(error));
}

void check_size(Validation& validation) {
  const Span whole = validation.outline.whole;
  if (whole.end - whole.begin <= limits::kStatementBytesMax) return;
  auto& violations = validation.violations;
  if (violations.size() == limits::kViolationsPerStatementMax) violations.pop_back();
  violations.push_back(violation(
      rule("statement.too-large"),
      joined({"Make the statement smaller: it has ", std::to_string(whole.end - whole.begin),
              " bytes, and ", std::to_string(limits::kStatementBytesMax), " are allowed."})));
}

struct FlawText {
  FlawKind kind;
  std::string_view rule;
  std::string_view message;
};

constexpr auto kFlawTexts = std::to_array<FlawText>({
    {FlawKind::Syntax, rule("json.syntax"), "This is not JSON"},
    {FlawKind::InvalidUtf8, rule("json.invalid-utf8"), "Send the text as UTF-8; it breaks"},
    {FlawKind::ByteOrderMark, rule("json.byte-order-mark"),
     "Send the text without a byte order mark"},
    {FlawKind::DepthHard, rule("json.depth"), "Nest fewer objects and arrays; it is too deep"},
    {FlawKind::DuplicateKey, rule("json.duplicate-key"),
     "This property stands twice in its object; keep one, not that"},
    {FlawKind::LoneSurrogate, rule("json.lone-surrogate"),
     "This text was cut inside a character; see the lone \\u escape"},
    {FlawKind::NumberRange, rule("json.number-range"), "This number is too large to be read"},
    {FlawKind::Depth, rule("json.depth"), "Nest fewer objects and arrays; it is too deep"},
});

}  // namespace

Violation violation_of(const json::Flaw& flaw) {
  for (const FlawText& text : kFlawTexts) {
    if (text.kind != flaw.kind) continue;
    const std::string_view expected = flaw.expected;
    return {flaw.pointer, text.rule,
            joined({text.message, " at byte ", std::to_string(flaw.offset),
                    expected.empty() ? "" : ": expected ", expected, "."})};
  }
  return {flaw.pointer, rule("json.syntax"), "This is not JSON."};
}

Validation validate_value(json::Reader& reader, Token first, const Rules& rules) {
  Validation validation;
  reader.mark_root();
  if (auto flaw = reader.take_flaw(); flaw && flaw->offset >= first.begin) {
    validation.violations.push_back(violation_of(*flaw));
  }
  const Value whole = Checker(reader, rules, validation).read_statement(first);
  if (whole.failed()) {
    if (reader.error()) add_error(validation, *reader.error());
    return validation;
  }
  validation.outline.whole = {whole.begin, whole.end};
  check_size(validation);
  return validation;
}

Validation validate(std::string_view text, const Rules& rules) {
  json::Reader reader(text);
  Validation validation = validate_value(reader, reader.next(), rules);
  if (!reader.error() && reader.next().kind == TokenKind::Error) {
    add_error(validation, *reader.error());
  }
  return validation;
}

ListValidation validate_list(std::string_view text, const Rules& rules, std::size_t count_max) {
  ListValidation list;
  json::Reader reader(text);
  const Token first = reader.next();
  list.is_array = first.kind == TokenKind::ArrayBegin;
  Token token = list.is_array ? reader.next() : first;
  while (token.kind != TokenKind::Error && token.kind != TokenKind::ArrayEnd) {
    if (list.statements.size() == count_max) {
      list.malformed = violation(
          rule("statement.too-many"),
          joined({"Send at most ", std::to_string(count_max), " statements in one request."}));
      return list;
    }
    Validation validation = validate_value(reader, token, rules);
    if (reader.error()) break;
    list.statements.push_back(std::move(validation));
    if (!list.is_array) break;
    token = reader.next();
  }
  if (!reader.error()) reader.next();
  if (reader.error()) {
    list.malformed = violation_of(*reader.error());
  } else if (list.statements.empty()) {
    list.malformed = violation(rule("statement.none"), "Send at least one statement.");
  } else if (!list.is_array && first.kind != TokenKind::ObjectBegin) {
    list.malformed = violation(rule("statement.not-object"),
                               "Send a statement, which is an object, or an array of them.");
  }
  return list;
}

}  // namespace waypost::statement
