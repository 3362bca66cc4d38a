#include "statement/completion/source.hpp"

#include <algorithm>

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

  void note_empty() { found_ = true; }

 private:
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

}  // namespace

// One reading of a text into a source.
class Source::Pass {
 public:
  Pass(Source& source, std::string_view text, std::size_t object_place)
      : source_(source), object_place_(object_place), reader_(text), finder_(reader_) {}

  // Whether something empty was found.
  bool read(std::span<const std::string_view> names) {
    source_.values_ = {};
    source_.object_parts_ = {};
    const auto first = reader_.next();
    source_.is_object_ = first.kind == TokenKind::ObjectBegin;
    const auto last =
        source_.is_object_ ? read_members(names, source_.values_, true) : reader_.skip(first);
    source_.whole_ = reader_.text().substr(first.begin, last.end - first.begin);
    if (!reader_.error()) reader_.next();
    source_.flaw_ = reader_.error() ? reader_.error() : reader_.take_flaw();
    return finder_.found();
  }

 private:
  // Reads the members of the object that was opened last; returns its end, or Error.
  json::Token read_members(std::span<const std::string_view> names, std::span<Slice> values,
                           bool outermost) {
    auto key = reader_.next();
    for (; key.kind == TokenKind::Key; key = reader_.next()) {
      const auto name = reader_.decoded(key, scratch_);
      const auto place =
          static_cast<std::size_t>(std::find(names.begin(), names.end(), name) - names.begin());
      if (outermost && place == names.size()) source_.unknown_.emplace_back(name);
      const auto value =
          outermost && place == object_place_ ? read_object() : finder_.skip_value_of(name);
      if (value.kind == TokenKind::Error) return value;
      if (place < names.size()) values[place] = {value.kind, value.escaped, reader_.raw(value)};
    }
    return key;
  }

  // Reads the value of the member "object".
  json::Token read_object() {
    const auto first = reader_.next();
    if (first.kind != TokenKind::ObjectBegin) return finder_.skip(first);
    const auto last = read_members(kObjectPartNames, source_.object_parts_, false);
    if (last.kind == TokenKind::Error) return last;
    const auto inside = reader_.text().substr(first.end, last.begin - first.end);
    if (inside.find('"') == std::string_view::npos) finder_.note_empty();
    return {first.kind, false, first.begin, last.end};
  }

  Source& source_;
  std::size_t object_place_;
  json::Reader reader_;
  EmptyFinder finder_;
  std::string scratch_;
};

void Source::read(std::string_view text, std::span<const std::string_view> names,
                  std::size_t object_place) {
  const bool has_empty = Pass(*this, text, object_place).read(names);
  if (!has_empty || flaw_ || !is_object_ || !unknown_.empty()) return;
  stripped_ = Stripper(whole_).strip();
  Pass(*this, stripped_, object_place).read(names);
}

}  // namespace waypost::statement
