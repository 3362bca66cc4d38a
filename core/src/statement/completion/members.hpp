#pragma once

#include <string>
#include <string_view>

#include "waypost/json/reader.hpp"

// Objects of slices: read from what an author wrote, and written.
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

// Walks through the members of an object that was read without a flaw.
//
//   for (MemberCursor member(object); member.next();) ... member.name() ... member.value()
class MemberCursor {
 public:
  explicit MemberCursor(std::string_view object);

  bool next();

  // What the key stands for, and its bytes with the quotes. Good until next().
  std::string_view name() const { return name_; }

  std::string_view key() const { return key_; }

  const Slice& value() const { return value_; }

 private:
  json::Reader reader_;
  std::string scratch_;
  std::string_view name_;
  std::string_view key_;
  Slice value_;
};

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
