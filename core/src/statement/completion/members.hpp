#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "waypost/json/reader.hpp"

// How completion reads what an author wrote, and writes objects from slices of it.
namespace waypost::statement {

// A value as the bytes it has in its text; absent until it was found.
struct Slice {
  json::TokenKind kind = json::TokenKind::End;
  bool escaped = false;
  std::string_view raw;

  bool present() const { return kind != json::TokenKind::End; }

  bool is_string() const { return kind == json::TokenKind::String; }

  bool is_object() const { return kind == json::TokenKind::ObjectBegin; }

  bool is_array() const { return kind == json::TokenKind::ArrayBegin; }

  bool is_number() const { return kind == json::TokenKind::Number; }
};

// What the string `value` stands for; in `scratch` where it has escapes.
std::string_view decoded(const Slice& value, std::string& scratch);

// What reading a whole text as one object found besides the members.
struct Reading {
  bool is_object = false;
  bool has_empty = false;  // an empty string or object is a member's value, outside extensions
  std::string_view whole;  // the object
  std::optional<json::Flaw> flaw;
  std::vector<std::string> unknown;  // names of members that were not asked for
};

// Members to look for: the value of the one that is called names[i] goes to values[i].
struct Wanted {
  std::span<const std::string_view> names;
  std::span<Slice> values;
};

// Reads `text` as an object, once; `within` is looked for in its member names[outer], if that is an
// object. On a flaw nothing else counts.
Reading read_members(std::string_view text, const Wanted& wanted, std::size_t outer,
                     const Wanted& within);

// The object without the members whose value is an empty string or object, or becomes one so;
// extensions and the elements of arrays stay. `object` was read without a flaw.
std::string without_empty_members(std::string_view object);

// Calls visit(name, key, value) for each member of an object that was read without a flaw. `name`
// is what the key stands for and lasts until the next call, `key` its bytes with the quotes.
template <typename Visit>
void visit_members(std::string_view object, Visit visit) {
  json::Reader reader(object);
  std::string scratch;
  reader.next();
  for (auto key = reader.next(); key.kind == json::TokenKind::Key; key = reader.next()) {
    const auto token = reader.skip(reader.next());
    visit(reader.decoded(key, scratch), reader.raw(key),
          Slice{token.kind, token.escaped, reader.raw(token)});
  }
}

// The member of that name in an object that was read without a flaw.
Slice find_member(std::string_view object, std::string_view name);

// Appends one object, member by member, with the commas between them.
class ObjectWriter {
 public:
  explicit ObjectWriter(std::string& to) : to_(to) { to_ += '{'; }

  // The value is to be appended next. A name is one that needs no escapes; a key has its quotes.
  void name(std::string_view name);
  void key(std::string_view key);

  // What is appended next belongs to further members.
  void comma();

  void close() { to_ += '}'; }

  // A place to go back to, forgetting the members appended since.
  struct Mark {
    std::size_t size = 0;
    bool empty = true;
  };

  Mark mark() const { return {to_.size(), empty_}; }

  void back_to(const Mark& mark);

 private:
  std::string& to_;
  bool empty_ = true;
};

}  // namespace waypost::statement
