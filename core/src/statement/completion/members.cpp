#include "statement/completion/members.hpp"

#include "waypost/json/text.hpp"

namespace waypost::statement {

std::string_view decoded(const Slice& value, std::string& scratch) {
  const auto inside = value.raw.substr(1, value.raw.size() - 2);
  if (!value.escaped) return inside;
  scratch.clear();
  json::append_decoded(scratch, inside);
  return scratch;
}

MemberCursor::MemberCursor(std::string_view object) : reader_(object) {
  reader_.next();
}

bool MemberCursor::next() {
  const auto key = reader_.next();
  if (key.kind != json::TokenKind::Key) return false;
  name_ = reader_.decoded(key, scratch_);
  key_ = reader_.raw(key);
  const auto value = reader_.skip(reader_.next());
  value_ = {value.kind, value.escaped, reader_.raw(value)};
  return true;
}

Slice find_member(std::string_view object, std::string_view name) {
  for (MemberCursor member(object); member.next();) {
    if (member.name() == name) return member.value();
  }
  return {};
}

void ObjectWriter::comma() {
  if (!empty_) to_ += ',';
  empty_ = false;
}

void ObjectWriter::back_to(const Mark& mark) {
  to_.resize(mark.size);
  empty_ = mark.empty;
}

void ObjectWriter::name(std::string_view name) {
  comma();
  to_ += '"';
  to_ += name;
  to_ += "\":";
}

void ObjectWriter::key(std::string_view key) {
  comma();
  to_ += key;
  to_ += ':';
}

}  // namespace waypost::statement
