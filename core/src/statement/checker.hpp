#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <string>
#include <string_view>
#include <vector>

#include "statement/shape.hpp"
#include "waypost/json/reader.hpp"
#include "waypost/statement/validate.hpp"

namespace waypost::statement {

// What was read of a value. No initialisers: a frame has room for many and fills few. Small enough
// to be returned in registers.
struct alignas(std::uint64_t) Value {
  json::TokenKind token;  // Error when the reading ended
  bool escaped;
  Kinds kind;  // what an object turned out to be
  std::uint32_t begin;
  std::uint32_t end;
  std::uint32_t detail;  // of an object: Frame::seen; of a list: the number of its elements

  bool failed() const { return token == json::TokenKind::Error; }
};

static_assert(sizeof(Value) <= 16);

// An object while it is read.
struct Frame {
  Frame(const Shape& object_shape, Frame* outer_frame) : shape(object_shape), outer(outer_frame) {}

  bool has(std::size_t place) const { return ((seen >> place) & 1U) != 0; }

  bool has(std::size_t place, json::TokenKind token) const {
    return has(place) && values[place].token == token;
  }

  const Shape& shape;
  Frame* outer;              // the object around this one
  std::uint32_t seen = 0;    // one bit for each property of the shape
  Kinds kind = kind::kNone;  // known at the end; kNone when its objectType is wrong
  bool voids = false;        // its verb is the voiding one
  std::array<Value, kPropertiesMax> values;
};

// Reads one statement against the shapes and notes what is wrong and where things are.
class Checker {
 public:
  Checker(json::Reader& reader, const Rules& rules, Validation& validation)
      : reader_(reader), rules_(rules), validation_(validation) {}

  // `first` is the statement's first token. Returns its last; Error when the reading ended.
  Value read_statement(json::Token first);

  const Rules& rules() const { return rules_; }

  Outline& outline() { return validation_.outline; }

  // The characters that a string stands for; good until the next call.
  std::string_view decoded(const Value& value);

  // The bytes as they stand in the text.
  std::string_view raw(const Value& value) const {
    return reader_.text().substr(value.begin, value.end - value.begin);
  }

  // Notes a broken rule at the value that the reader gave last, or at `below` from there.
  void report(std::string_view rule, std::string_view below,
              std::initializer_list<std::string_view> message);

  // For the elements of a list of components, which must have different ids.
  void note_component_id(const Value& id);

 private:
  struct ComponentId {
    Value id;
    std::uint32_t place;
  };

  Value read_value(Frame& frame, const Property& property, Form form, json::Token first);
  Value read_by_form(Frame& frame, const Property& property, Form form, json::Token first);
  Value read_unfit(const Property& property, Form form, json::Token first);
  Value read_object(const Shape& shape, Frame* outer, json::Token first);
  bool read_member(Frame& frame, json::Token key);
  Value read_list(Frame& frame, const Property& property, json::Token first);
  Value read_language_map(json::Token first);
  Value read_extensions(json::Token first);
  Value read_string(const Property& property, Form form, json::Token first);
  Value skip(json::Token first);
  void finish(Frame& frame);
  void check_component_ids();

  void take_flaw() {
    if (reader_.has_flaw()) report_flaw();
  }

  void report_flaw();

  json::Reader& reader_;
  const Rules& rules_;
  Validation& validation_;
  std::string scratch_;
  std::vector<ComponentId> component_ids_;
  std::uint32_t element_ = 0;  // place in the list that is being read
};

}  // namespace waypost::statement
