#include "statement/checker.hpp"

#include <algorithm>
#include <array>
#include <cstring>

#include "statement/formats/formats.hpp"
#include "statement/kinds.hpp"
#include "statement/message.hpp"
#include "statement/shapes.hpp"
#include "waypost/uuid.hpp"

namespace waypost::statement {
namespace {

using json::Token;
using json::TokenKind;

// Put together in registers for the same reason as a token.
Value value_of(Token first, std::uint32_t end, Kinds kind = kind::kNone, std::uint32_t detail = 0) {
  const std::array<std::uint64_t, 2> words{
      static_cast<std::uint64_t>(first.kind) | (std::uint64_t{first.escaped} << 8U) |
          (std::uint64_t{kind} << 16U) | (std::uint64_t{first.begin} << 32U),
      std::uint64_t{end} | (std::uint64_t{detail} << 32U)};
  Value value{};
  std::memcpy(&value, words.data(), sizeof value);
  return value;
}

Value value_of(Token token) {
  return value_of(token, token.end);
}

Value failure() {
  return value_of(Token{});
}

struct Format {
  Form form;
  std::string_view rule;
  std::string_view words;
};

constexpr auto kFormats = std::to_array<Format>({
    {Form::Uuid, rule("format.uuid"), "a UUID such as 6b2e0c5e-0f2b-4c58-9d6c-0c8a1c5d1f01"},
    {Form::Iri, rule("format.iri"), "an IRI such as https://example.org/course/1"},
    {Form::Uri, rule("format.uri"), "a URI such as https://example.org/learner"},
    {Form::Timestamp, rule("format.timestamp"), "a date and time such as 2026-11-23T08:00:00.000Z"},
    {Form::Duration, rule("format.duration"), "an ISO 8601 duration such as PT90S"},
    {Form::LanguageTag, rule("format.language-tag"), "a language tag such as en-US"},
    {Form::Mailbox, rule("format.mailbox"),
     "mailto: and one e-mail address, such as mailto:learner@example.org"},
    {Form::Sha1, rule("format.sha1"), "the 40 hexadecimal digits of a SHA-1"},
    {Form::Sha2, rule("format.sha2"), "the 64 hexadecimal digits of a SHA-256"},
    {Form::MediaType, rule("format.media-type"), "a media type such as text/plain"},
    {Form::StatementVersion, rule("statement.version"),
     "a version that the LRS takes, such as 1.0.0"},
});

bool has_format(std::string_view text, Form form, Version version) {
  switch (form) {
    case Form::Uuid: return Uuid::parse(text).has_value();
    case Form::Iri: return is_iri(text);
    case Form::Uri: return is_uri(text);
    case Form::Timestamp: return is_timestamp(text, version);
    case Form::Duration: return is_duration(text);
    case Form::LanguageTag: return is_language_tag(text);
    case Form::Mailbox: return is_mailbox(text);
    case Form::Sha1: return is_sha1(text);
    case Form::Sha2: return is_sha2(text);
    case Form::MediaType: return is_media_type(text);
    case Form::StatementVersion: return is_statement_version(text, version);
    default: return true;
  }
}

const Format* format_of(Form form) {
  for (const Format& format : kFormats) {
    if (format.form == form) return &format;
  }
  return nullptr;
}

// The JSON type that a value of this form begins with.
TokenKind type_of(Form form) {
  switch (form) {
    case Form::Number: return TokenKind::Number;
    case Form::Boolean: return TokenKind::True;
    case Form::LanguageMap:
    case Form::Extensions:
    case Form::Object: return TokenKind::ObjectBegin;
    case Form::List:
    case Form::ComponentList:
    case Form::ObjectOrList:
    case Form::StringList:
    case Form::IriList: return TokenKind::ArrayBegin;
    default: return TokenKind::String;
  }
}

// What a message says that a value of this form must be.
std::string_view wanted(Form form) {
  if (form == Form::ObjectOrList) return "an object or an array";
  if (form == Form::LanguageMap) return R"(an object such as {"en": "Text"})";
  return words_for(type_of(form));
}

bool is_type(TokenKind kind, Form form) {
  if (kind == type_of(form)) return form != Form::Forbidden;
  return (form == Form::Boolean && kind == TokenKind::False) ||
         (form == Form::ObjectOrList && kind == TokenKind::ObjectBegin);
}

Form element_form(Form form) {
  if (form == Form::StringList) return Form::String;
  return form == Form::IriList ? Form::Iri : Form::Object;
}

const Property* find_property(const Shape& shape, std::string_view name, Version version) {
  for (const Property& property : shape.properties) {
    // The size and the first character spare most comparisons.
    if (property.name.size() != name.size() || *property.name.data() != *name.data() ||
        property.name != name) {
      continue;
    }
    const bool known = (property.kinds & shape.kinds) != 0 &&
                       (version == Version::V2_0_0 || !property.only_in_2_0);
    return known ? &property : nullptr;
  }
  return nullptr;
}

}  // namespace

Value Checker::read_statement(Token first) {
  if (first.kind == TokenKind::Error) return failure();
  Value whole{};
  if (first.kind == TokenKind::ObjectBegin) {
    whole = read_object(kStatement, nullptr, first);
  } else {
    report(rule("statement.not-object"), "",
           {"A statement must be an object, not ", words_for(first.kind), "."});
    whole = skip(first);
  }
  take_flaw();
  return whole;
}

std::string_view Checker::decoded(const Value& value) {
  return reader_.decoded({value.token, value.escaped, value.begin, value.end}, scratch_);
}

void Checker::report(std::string_view rule, std::string_view below,
                     std::initializer_list<std::string_view> message) {
  auto& violations = validation_.violations;
  if (violations.size() >= limits::kViolationsPerStatementMax) return;
  violations.push_back({reader_.pointer().append(below), rule, joined(message)});
}

void Checker::note_component_id(const Value& id) {
  component_ids_.push_back({id, element_});
}

Value Checker::read_object(const Shape& shape, Frame* outer, Token first) {
  Frame frame(shape, outer);
  Token token = reader_.next();
  for (; token.kind == TokenKind::Key; token = reader_.next()) {
    if (!read_member(frame, token)) return failure();
  }
  if (token.kind == TokenKind::Error) return failure();
  finish(frame);
  return value_of(first, token.end, frame.kind, frame.seen);
}

bool Checker::read_member(Frame& frame, Token key) {
  const std::string_view name = reader_.decoded(key, scratch_);
  const Property* property = find_property(frame.shape, name, rules_.version);
  if (property == nullptr) {
    report_unknown_property(*this, frame.shape, name);
    return !skip(reader_.next()).failed();
  }
  const Value value = read_value(frame, *property, property->form, reader_.next());
  if (value.failed()) return false;
  const auto place = static_cast<std::size_t>(property - frame.shape.properties.data());
  frame.seen |= 1U << place;
  frame.values[place] = value;
  // Only the statement itself and the objects right below it have places in the outline.
  const bool outlined = frame.outer == nullptr || frame.outer->outer == nullptr;
  if (property->outline != nullptr && outlined) {
    outline().*(property->outline) = {{key.begin, key.end}, {value.begin, value.end}};
  }
  return true;
}

inline Value Checker::read_by_form(Frame& frame, const Property& property, Form form, Token first) {
  switch (form) {
    case Form::Number:
    case Form::Boolean:
    case Form::ObjectType: return value_of(first);
    case Form::LanguageMap: return read_language_map(first);
    case Form::Extensions: return read_extensions(first);
    case Form::Object: return read_object(*property.shape, &frame, first);
    case Form::List:
    case Form::ComponentList:
    case Form::StringList:
    case Form::IriList: return read_list(frame, property, first);
    case Form::ObjectOrList:
      if (first.kind == TokenKind::ArrayBegin) return read_list(frame, property, first);
      return read_object(*property.shape, &frame, first);
    default: return read_string(property, form, first);
  }
}

Value Checker::read_value(Frame& frame, const Property& property, Form form, Token first) {
  const Value value = is_type(first.kind, form) ? read_by_form(frame, property, form, first)
                                                : read_unfit(property, form, first);
  take_flaw();
  return value;
}

// What cannot stand there.
Value Checker::read_unfit(const Property& property, Form form, Token first) {
  if (first.kind == TokenKind::Error) return failure();
  if (form == Form::Forbidden) return skip(first);
  if (first.kind == TokenKind::Null) {
    report(
        rule("json.null"), "",
        {"Give ", property.name, " a value or leave it out; null may stand only in extensions."});
    return value_of(first);
  }
  const bool in_list = form != property.form;
  report(rule("statement.wrong-type"), "",
         {in_list ? "Each element of " : "", property.name, " must be ", wanted(form), ", not ",
          words_for(first.kind), "."});
  return skip(first);
}

Value Checker::read_list(Frame& frame, const Property& property, Token first) {
  component_ids_.clear();
  std::uint32_t count = 0;
  Token token = reader_.next();
  for (; token.kind != TokenKind::ArrayEnd; token = reader_.next()) {
    element_ = count++;
    if (read_value(frame, property, element_form(property.form), token).failed()) {
      return failure();
    }
  }
  if (property.form == Form::ComponentList) check_component_ids();
  if (property.form == Form::IriList && count == 0) {
    report(rule("context.relevant-types-empty"), "",
           {"Name at least one type in ", property.name, ", or leave it out."});
  }
  return value_of(first, token.end, kind::kNone, count);
}

Value Checker::read_language_map(Token first) {
  Token token = reader_.next();
  for (; token.kind == TokenKind::Key; token = reader_.next()) {
    const std::string_view tag = reader_.decoded(token, scratch_);
    if (!is_language_tag(tag)) {
      report(rule("format.language-tag"), "",
             {"The key must be a language tag such as en-US; ", shown(tag), " is not."});
    }
    const Token text = reader_.next();
    if (text.kind == TokenKind::String) continue;
    if (text.kind == TokenKind::Error) return failure();
    if (text.kind == TokenKind::Null) {
      report(rule("json.null"), "", {"Give this language a text or leave it out."});
      continue;
    }
    report(rule("statement.wrong-type"), "",
           {"The text of a language must be a string, not ", words_for(text.kind), "."});
    if (skip(text).failed()) return failure();
  }
  return token.kind == TokenKind::Error ? failure() : value_of(first, token.end);
}

Value Checker::read_extensions(Token first) {
  Token token = reader_.next();
  for (; token.kind == TokenKind::Key; token = reader_.next()) {
    const std::string_view key = reader_.decoded(token, scratch_);
    if (!is_iri(key)) {
      report(rule("format.iri"), "",
             {"The key of an extension must be an IRI such as https://example.org/extension; ",
              shown(key), " is not."});
    }
    if (skip(reader_.next()).failed()) return failure();
  }
  return token.kind == TokenKind::Error ? failure() : value_of(first, token.end);
}

Value Checker::read_string(const Property& property, Form form, Token first) {
  if (form == Form::String) return value_of(first);
  const std::string_view text = reader_.decoded(first, scratch_);
  if (!has_format(text, form, rules_.version)) {
    const Format* format = format_of(form);
    report(format->rule, "",
           {property.name, " must be ", format->words, "; ", shown(text), " is not."});
  }
  return value_of(first);
}

Value Checker::skip(Token first) {
  const Value whole = value_of(reader_.skip(first));
  take_flaw();
  return whole;
}

void Checker::finish(Frame& frame) {
  frame.kind = decide_kind(*this, frame);
  if (frame.kind != kind::kNone) check_membership(*this, frame);
  if (frame.shape.check != nullptr) frame.shape.check(*this, frame);
}

void Checker::check_component_ids() {
  std::string left_scratch;
  std::string right_scratch;
  const auto text = [&](const ComponentId& component, std::string& scratch) {
    const Value& id = component.id;
    return reader_.decoded({id.token, id.escaped, id.begin, id.end}, scratch);
  };
  // A heap sort: as short as a loop over all pairs, and not quadratic.
  const auto is_less = [&](const ComponentId& left, const ComponentId& right) {
    const int order = text(left, left_scratch).compare(text(right, right_scratch));
    return order != 0 ? order < 0 : left.place < right.place;
  };
  std::make_heap(component_ids_.begin(), component_ids_.end(), is_less);
  std::sort_heap(component_ids_.begin(), component_ids_.end(), is_less);
  for (std::size_t i = 1; i < component_ids_.size(); ++i) {
    const std::string_view id = text(component_ids_[i], right_scratch);
    if (text(component_ids_[i - 1], left_scratch) != id) continue;
    report(rule("component.id-unique"),
           joined({"/", std::to_string(component_ids_[i].place), "/id"}),
           {"Give each component an id of its own; ", shown(id), " stands more than once."});
  }
}

void Checker::report_flaw() {
  auto& violations = validation_.violations;
  const auto flaw = reader_.take_flaw();
  if (violations.size() < limits::kViolationsPerStatementMax) {
    violations.push_back(violation_of(*flaw));
  }
}

}  // namespace waypost::statement
