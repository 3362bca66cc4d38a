#include "statement/equality_nodes.hpp"

#include <algorithm>
#include <limits>

#include "json/scan.hpp"
#include "waypost/json/text.hpp"
#include "waypost/limits.hpp"

namespace waypost::statement {
namespace {

// Of most statements.
constexpr std::size_t kNodesExpected = 64;

constexpr std::uint64_t make_between() {
  std::uint64_t set = 0;
  for (const char c : std::string_view(",: \n\r\t")) set |= std::uint64_t{1} << static_cast<int>(c);
  return set;
}

// One bit for each of the first 64 characters.
constexpr std::uint64_t kBetween = make_between();

bool is_between(char c) {
  const auto code = static_cast<unsigned char>(c);
  return code < 64 && ((kBetween >> code) & 1U) != 0;
}

bool ends_other(char c) {
  return is_between(c) || c == ']' || c == '}';
}

}  // namespace

Nodes::Nodes(std::string_view text)
    : text_(text.substr(0, std::numeric_limits<std::uint32_t>::max())) {
  nodes_.reserve(kNodesExpected);
  if (skip_between() != '\0') read_value(Place::Statement, {});
}

// What comes next; '\0' at the end.
inline char Nodes::skip_between() {
  while (at_ < text_.size() && is_between(text_[at_])) ++at_;
  return at_ < text_.size() ? text_[at_] : '\0';
}

// Returns whether there is an escape in it.
inline bool Nodes::read_string() {
  at_ = json::find_first<json::scan::Boundary>(text_, at_ + 1);
  const bool escaped = at_ < text_.size() && text_[at_] == '\\';
  if (escaped) skip_escapes();
  at_ = std::min(at_ + 1, text_.size());
  return escaped;
}

void Nodes::skip_escapes() {
  while (at_ < text_.size() && text_[at_] == '\\') {
    at_ = json::find_first<json::scan::Boundary>(text_, at_ + 2);
  }
}

void Nodes::read_other() {
  do {
    ++at_;
  } while (at_ < text_.size() && !ends_other(text_[at_]));
}

// Returns where its node stands.
std::uint32_t Nodes::read_value(Place place, const Key& key) {
  const auto index = static_cast<std::uint32_t>(nodes_.size());
  Node& node = nodes_.emplace_back();
  node.key = key;
  node.place = place;
  const std::size_t begin = at_;
  const char first = text_[at_];
  if (first == '"') {
    node.kind = Node::Kind::String;
    node.escaped = read_string();
    node.value = from_to(begin, at_);
  } else if (first != '{' && first != '[') {
    read_other();
    node.value = from_to(begin, at_);
  } else if (depth_ == limits::kJsonDepthHardMax) {
    at_ = text_.size();
  } else {
    ++depth_;
    ++at_;
    node.kind = first == '{' ? Node::Kind::Object : Node::Kind::Array;
    if (first == '{') {
      read_members(place);
    } else {
      read_elements(place);
    }
    at_ = std::min(at_ + 1, text_.size());
    --depth_;
  }
  nodes_[index].next = static_cast<std::uint32_t>(nodes_.size());
  return index;
}

// Of the string that began there and was read last.
inline Key Nodes::key_from(std::size_t begin, bool escaped) {
  const std::size_t size = at_ - begin;
  if (!escaped || size < 2) return {text_.substr(begin), size};
  std::string decoded;
  json::append_decoded(decoded, text_.substr(begin + 1, size - 2));
  const std::string& respelled = respelled_.emplace_front(json::as_string(decoded));
  return {respelled, respelled.size()};
}

void Nodes::read_members(Place object) {
  // One context activity is as good as an array of it (xAPI-Data 1.0.3 section 2.4.6.2).
  if (object == Place::Things) object = Place::Thing;
  while (skip_between() == '"') {
    const std::size_t begin = at_;
    const bool escaped = read_string();
    const Key key = key_from(begin, escaped);
    const Place place = place_of_member(object, key);
    if (skip_between() == '\0') return;
    if (place == Place::Ignored) {
      skip_value();
      continue;
    }
    const std::uint32_t index = read_value(place, key);
    const Node& value = nodes_[index];
    // What is empty says no more than what is not there.
    const bool is_empty = value.kind == Node::Kind::Object && value.next == index + 1;
    if (is_empty && object != Place::Verbatim && place != Place::Things) nodes_.pop_back();
  }
}

void Nodes::read_elements(Place array) {
  const Place place = place_of_element(array);
  for (char first = skip_between(); first != ']' && first != '\0'; first = skip_between()) {
    read_value(place, {});
  }
}

void Nodes::skip_value() {
  std::size_t open = 0;
  do {
    switch (skip_between()) {
      case '\0': return;
      case '"': read_string(); break;
      case '{':
      case '[':
        ++open;
        ++at_;
        break;
      case '}':
      case ']':
        if (open != 0) --open;
        ++at_;
        break;
      default: read_other();
    }
  } while (open != 0);
}

}  // namespace waypost::statement
