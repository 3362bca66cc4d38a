#include "statement/completion/members.hpp"

#include <algorithm>

#include "waypost/json/text.hpp"

namespace waypost::statement {
namespace {

using json::TokenKind;

constexpr std::string_view kExtensions = "extensions";

bool is_empty_string(json::Token token) {
  return token.kind == TokenKind::String && token.end - token.begin == 2;
}

// Walks through a member's value, once, and notes whether it holds something empty.
class EmptyFinder {
 public:
  explicit EmptyFinder(json::Reader& reader) : reader_(reader) {}

  bool found() const { return found_; }

  // Reads the value of the member of that name.
  json::Token skip_value_of(std::string_view name) {
    return name == kExtensions ? skip_extensions() : skip(reader_.next());
  }

  // Reads the members of the object that was opened last, each by read(name), which reads and
  // returns its value. Returns the object's end, or Error.
  template <typename Read>
  json::Token read_members(Read read) {
    auto token = reader_.next();
    for (; token.kind == TokenKind::Key; token = reader_.next()) {
      const auto value = read(reader_.decoded(token, scratch_));
      if (value.kind == TokenKind::Error) return value;
    }
    return token;
  }

  // Reads a value; if it is an object, its members by read(name).
  template <typename Read>
  json::Token read_value(Read read) {
    const auto first = reader_.next();
    if (first.kind != TokenKind::ObjectBegin) return skip(first);
    const auto last = read_members(read);
    if (last.kind == TokenKind::Error) return last;
    const auto inside = reader_.text().substr(first.end, last.begin - first.end);
    if (inside.find('"') == std::string_view::npos) found_ = true;
    return {first.kind, false, first.begin, last.end};
  }

 private:
  // Like Reader::skip.
  json::Token skip(json::Token first) {
    if (is_empty_string(first)) found_ = true;
    if (first.kind != TokenKind::ObjectBegin && first.kind != TokenKind::ArrayBegin) return first;
    const std::size_t depth_outside = reader_.depth() - 1;
    bool value_is_next = false;
    bool object_opened = first.kind == TokenKind::ObjectBegin;
    json::Token last = first;
    while (reader_.depth() != depth_outside) {
      last = reader_.next();
      if (last.kind == TokenKind::Error) return last;
      if (last.kind == TokenKind::Key) {
        object_opened = false;
        value_is_next = true;
        if (reader_.decoded(last, scratch_) == kExtensions) {
          last = skip_extensions();
          value_is_next = false;
        }
        continue;
      }
      if (value_is_next && is_empty_string(last)) found_ = true;
      if (object_opened && last.kind == TokenKind::ObjectEnd) found_ = true;
      object_opened = value_is_next && last.kind == TokenKind::ObjectBegin;
      value_is_next = false;
    }
    return {first.kind, false, first.begin, last.end};
  }

  // What extensions hold is the author's, empty or not; but none at all is as good as absent.
  json::Token skip_extensions() {
    const json::Token first = reader_.next();
    if (first.kind != TokenKind::ObjectBegin) {
      if (is_empty_string(first)) found_ = true;
      return reader_.skip(first);
    }
    const std::size_t depth_outside = reader_.depth() - 1;
    json::Token last = reader_.next();
    if (last.kind == TokenKind::ObjectEnd) found_ = true;
    while (last.kind != TokenKind::Error && reader_.depth() != depth_outside) last = reader_.next();
    if (last.kind == TokenKind::Error) return last;
    return {first.kind, false, first.begin, last.end};
  }

  json::Reader& reader_;
  std::string scratch_;
  bool found_ = false;
};

// Copies a text token by token and leaves the empty members out.
class Stripper {
 public:
  explicit Stripper(std::string_view text) : reader_(text) { stripped_.reserve(text.size()); }

  std::string strip() {
    copy(reader_.next());
    return std::move(stripped_);
  }

 private:
  // Whether the copy is empty.
  bool copy(json::Token first) {
    if (first.kind == TokenKind::ObjectBegin) return copy_object();
    if (first.kind == TokenKind::ArrayBegin) {
      copy_array();
      return false;
    }
    stripped_ += reader_.raw(first);
    return is_empty_string(first);
  }

  bool copy_object() {
    stripped_ += '{';
    bool empty = true;
    for (auto key = reader_.next(); key.kind == TokenKind::Key; key = reader_.next()) {
      const std::size_t size_before = stripped_.size();
      if (!empty) stripped_ += ',';
      stripped_ += reader_.raw(key);
      stripped_ += ':';
      const bool extensions = reader_.decoded(key, scratch_) == kExtensions;
      const json::Token value = reader_.next();
      const bool as_it_is = extensions && value.kind == TokenKind::ObjectBegin;
      if (as_it_is ? copy_extensions(value) : copy(value)) {
        stripped_.resize(size_before);
      } else {
        empty = false;
      }
    }
    stripped_ += '}';
    return empty;
  }

  void copy_array() {
    stripped_ += '[';
    bool first = true;
    for (auto token = reader_.next(); token.kind != TokenKind::ArrayEnd; token = reader_.next()) {
      if (!first) stripped_ += ',';
      first = false;
      copy(token);
    }
    stripped_ += ']';
  }

  bool copy_extensions(json::Token first) {
    const auto raw = reader_.raw(reader_.skip(first));
    stripped_ += raw;
    return raw.find('"') == std::string_view::npos;  // no key
  }

  json::Reader reader_;
  std::string scratch_;
  std::string stripped_;
};

std::size_t place_of(const Wanted& wanted, std::string_view name) {
  const auto found = std::find(wanted.names.begin(), wanted.names.end(), name);
  return static_cast<std::size_t>(found - wanted.names.begin());
}

json::Token keep(const Wanted& wanted, std::size_t place, const json::Reader& reader,
                 json::Token value) {
  if (place < wanted.values.size() && value.kind != TokenKind::Error) {
    wanted.values[place] = {value.kind, value.escaped, reader.raw(value)};
  }
  return value;
}

}  // namespace

std::string_view decoded(const Slice& value, std::string& scratch) {
  const auto inside = value.raw.substr(1, value.raw.size() - 2);
  if (!value.escaped) return inside;
  scratch.clear();
  json::append_decoded(scratch, inside);
  return scratch;
}

Reading read_members(std::string_view text, const Wanted& wanted, std::size_t outer,
                     const Wanted& within) {
  Reading reading;
  json::Reader reader(text);
  EmptyFinder finder(reader);
  const auto first = reader.next();
  reading.is_object = first.kind == TokenKind::ObjectBegin;
  json::Token last = first;
  if (reading.is_object) {
    last = finder.read_members([&](std::string_view name) {
      const std::size_t place = place_of(wanted, name);
      if (place == wanted.names.size()) reading.unknown.emplace_back(name);
      const auto value = place == outer ? finder.read_value([&](std::string_view inner) {
        const std::size_t inner_place = place_of(within, inner);
        return keep(within, inner_place, reader, finder.skip_value_of(inner));
      })
                                        : finder.skip_value_of(name);
      return keep(wanted, place, reader, value);
    });
  } else {
    last = reader.skip(first);
  }
  reading.has_empty = finder.found();
  reading.whole = text.substr(first.begin, last.end - first.begin);
  if (!reader.error()) reader.next();
  reading.flaw = reader.error() ? reader.error() : reader.take_flaw();
  return reading;
}

std::string without_empty_members(std::string_view object) {
  return Stripper(object).strip();
}

Slice find_member(std::string_view object, std::string_view name) {
  Slice found;
  visit_members(object, [&](std::string_view other, std::string_view, const Slice& value) {
    if (other == name) found = value;
  });
  return found;
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
