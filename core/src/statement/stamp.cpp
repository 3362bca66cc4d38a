#include "waypost/statement/stamp.hpp"

#include <algorithm>
#include <cstddef>
#include <vector>

#include "waypost/json/reader.hpp"
#include "waypost/json/text.hpp"

namespace waypost::statement {
namespace {

// text[begin, end) gives way to `with`.
struct Edit {
  std::size_t begin = 0;
  std::size_t end = 0;
  std::string with;
};

bool is_white_space(char c) {
  return c == ' ' || c == '\n' || c == '\r' || c == '\t';
}

// The first byte at or after `at` that is not white space.
std::size_t skip_forward(std::string_view text, std::size_t at) {
  while (is_white_space(text[at])) ++at;
  return at;
}

// The last byte before `at` that is not white space.
std::size_t skip_backward(std::string_view text, std::size_t at) {
  do {
    --at;
  } while (is_white_space(text[at]));
  return at;
}

void append_member(std::string& members, std::string_view key, std::string_view value) {
  if (!members.empty()) members += ',';
  json::append_string(members, key);
  members += ':';
  members += value;
}

// Members next to each other that go together.
struct Run {
  std::size_t begin = 0;  // of the first key
  std::size_t end = 0;    // of the last value
};

// What is done to one object: members that go, and members that come in front of the others.
class ObjectEdit {
 public:
  ObjectEdit(std::string_view text, Span object) : text_(text), object_(object) {}

  void add(std::string_view key, std::string_view value) { append_member(added_, key, value); }

  void remove(const Member& member) {
    if (member.present()) removed_.push_back({member.key.begin, member.value.end});
  }

  void append_to(std::vector<Edit>& edits) {
    const std::vector<Run> runs = merged();
    if (!added_.empty()) {
      if (has_member_beside(runs)) added_ += ',';
      edits.push_back({object_.begin + 1, object_.begin + 1, std::move(added_)});
    }
    for (const Run& run : runs) edits.push_back(without_comma(run));
  }

 private:
  // Two members side by side share a comma, which must go once.
  std::vector<Run> merged() {
    std::sort(removed_.begin(), removed_.end(),
              [](const Run& left, const Run& right) { return left.begin < right.begin; });
    std::vector<Run> runs;
    for (const Run& run : removed_) {
      const bool adjacent =
          !runs.empty() &&
          skip_forward(text_, skip_forward(text_, runs.back().end) + 1) == run.begin;
      if (adjacent) {
        runs.back().end = run.end;
      } else {
        runs.push_back(run);
      }
    }
    return runs;
  }

  bool has_member_beside(const std::vector<Run>& runs) const {
    std::size_t first = skip_forward(text_, object_.begin + 1);
    if (runs.size() == 1 && runs.front().begin == first) {
      first = skip_forward(text_, runs.front().end);
    }
    return text_[first] != '}';
  }

  Edit without_comma(const Run& run) const {
    const std::size_t behind = skip_forward(text_, run.end);
    if (text_[behind] == ',') return {run.begin, behind + 1, {}};
    const std::size_t before = skip_backward(text_, run.begin);
    if (text_[before] == ',') return {before, run.end, {}};
    return {run.begin, run.end, {}};
  }

  std::string_view text_;
  Span object_;
  std::string added_;
  std::vector<Run> removed_;
};

// The value of the member of `object` whose key stands for `key`, if there is one.
Span find_value(std::string_view text, Span object, std::string_view key) {
  json::Reader reader(object.of(text), json::DuplicateKeys::KnownAbsent);
  std::string scratch;
  reader.next();
  for (auto token = reader.next(); token.kind == json::TokenKind::Key; token = reader.next()) {
    const bool found = reader.decoded(token, scratch) == key;
    const auto value = reader.skip(reader.next());
    if (found) return {object.begin + value.begin, object.begin + value.end};
  }
  return {};
}

class Splicer {
 public:
  Splicer(std::string_view text, const Outline& outline) : text_(text), outline_(outline) {}

  std::string splice(const Stamps& stamps) {
    ObjectEdit root(text_, outline_.whole);
    set(root, "id", outline_.id, stamps.id);
    set(root, "actor", outline_.actor, stamps.actor);
    set(root, "timestamp", outline_.timestamp, stamps.timestamp);
    set(root, "authority", outline_.authority, stamps.authority);
    if (stamps.registration || stamps.extension_key) stamp_context(root, stamps);
    if (stamps.remove_authority && !stamps.authority) root.remove(outline_.authority);
    if (stamps.remove_stored) root.remove(outline_.stored);
    root.append_to(edits_);
    return apply();
  }

 private:
  void replace(Span span, std::string_view with) {
    edits_.push_back({span.begin, span.end, std::string(with)});
  }

  void set(ObjectEdit& object, std::string_view key, const Member& member,
           const std::optional<std::string>& value) {
    if (!value) return;
    if (member.present()) {
      replace(member.value, *value);
    } else {
      object.add(key, *value);
    }
  }

  void stamp_context(ObjectEdit& root, const Stamps& stamps) {
    if (!outline_.context.present()) {
      std::string members;
      if (stamps.registration) append_member(members, "registration", *stamps.registration);
      if (stamps.extension_key) append_member(members, "extensions", new_extensions(stamps));
      root.add("context", "{" + members + "}");
      return;
    }
    ObjectEdit context(text_, outline_.context.value);
    set(context, "registration", outline_.registration, stamps.registration);
    if (stamps.extension_key) stamp_extension(context, stamps);
    context.append_to(edits_);
  }

  void stamp_extension(ObjectEdit& context, const Stamps& stamps) {
    if (!outline_.context_extensions.present()) {
      context.add("extensions", new_extensions(stamps));
      return;
    }
    const Span extensions = outline_.context_extensions.value;
    const Span known = find_value(text_, extensions, *stamps.extension_key);
    if (known.present()) return replace(known, stamps.extension_value);
    ObjectEdit object(text_, extensions);
    object.add(*stamps.extension_key, stamps.extension_value);
    object.append_to(edits_);
  }

  static std::string new_extensions(const Stamps& stamps) {
    std::string members;
    append_member(members, *stamps.extension_key, stamps.extension_value);
    return "{" + members + "}";
  }

  std::string apply() {
    // Stable: what is added in front of a member that goes was noted before it.
    std::stable_sort(edits_.begin(), edits_.end(),
                     [](const Edit& left, const Edit& right) { return left.begin < right.begin; });
    std::size_t size = outline_.whole.end - outline_.whole.begin;
    for (const Edit& edit : edits_) size += edit.with.size();
    std::string spliced;
    spliced.reserve(size);
    std::size_t at = outline_.whole.begin;
    for (const Edit& edit : edits_) {
      spliced += text_.substr(at, edit.begin - at);
      spliced += edit.with;
      at = edit.end;
    }
    spliced += text_.substr(at, outline_.whole.end - at);
    return spliced;
  }

  std::string_view text_;
  const Outline& outline_;
  std::vector<Edit> edits_;
};

}  // namespace

bool Stamps::empty() const {
  return !id && !actor && !timestamp && !registration && !authority && !extension_key &&
         !remove_authority && !remove_stored;
}

std::string splice(std::string_view text, const Outline& outline, const Stamps& stamps) {
  return Splicer(text, outline).splice(stamps);
}

}  // namespace waypost::statement
