#include "waypost/statement/equality.hpp"

#include <algorithm>

#include "statement/equality_nodes.hpp"
#include "statement/equality_values.hpp"
#include "statement/formats/characters.hpp"
#include "waypost/json/text.hpp"
#include "waypost/uuid.hpp"

namespace waypost::statement {
namespace {

// In the objects of a statement that are open at once.
constexpr std::size_t kMembersExpected = 32;

// Writes the comparable text: members sorted by their names, strings in their one shortest
// spelling.
class ComparableWriter {
 public:
  explicit ComparableWriter(std::string_view statement) : nodes_(statement), all_(nodes_.all()) {
    comparable_.reserve(statement.size());
    order_.reserve(kMembersExpected);
  }

  std::string write() {
    if (!all_.empty()) append(0);
    return std::move(comparable_);
  }

 private:
  struct Member {
    std::uint64_t key_start = 0;
    std::uint32_t place = 0;
  };

  // Whether the value is written as it stands in the text. Without an escape a string stands in its
  // shortest spelling already.
  static bool is_verbatim(const Node& node) {
    if (node.kind == Node::Kind::Other) return true;
    return node.kind == Node::Kind::String && !node.escaped && node.place < Place::Id;
  }

  void append(std::uint32_t place) {
    const Node& node = all_[place];
    switch (node.kind) {
      case Node::Kind::Object:
        if (node.place != Place::Things) return append_object(place);
        comparable_ += '[';
        append_object(place);
        comparable_ += ']';
        return;
      case Node::Kind::Array:
        if (node.place == Place::UnorderedThings) return append_unordered(place);
        return append_array(place);
      case Node::Kind::String: return append_string(node);
      case Node::Kind::Other: comparable_ += node.value;
    }
  }

  void append_object(std::uint32_t object) {
    const std::size_t first = order_.size();
    for_each_in(object, [&](std::uint32_t member) {
      order_.push_back({all_[member].key.start(), member});
    });
    const std::size_t end = order_.size();
    sort(first);
    comparable_ += '{';
    for (std::size_t i = first; i < end; ++i) {
      if (i != first) comparable_ += ',';
      append_member(order_[i].place);
    }
    comparable_ += '}';
    order_.resize(first);
  }

  void append_member(std::uint32_t place) {
    const Node& node = all_[place];
    const std::string_view key = node.key.text();
    const std::string_view value = node.value;
    // Where only a colon is between them, both are taken at once.
    if (is_verbatim(node) && key.data() + key.size() + 1 == value.data()) {
      comparable_.append(key.data(), key.size() + 1 + value.size());
      return;
    }
    comparable_ += key;
    comparable_ += ':';
    append(place);
  }

  void sort(std::size_t first) {
    const auto before = [&](const Member& left, const Member& right) {
      if (left.key_start != right.key_start) return left.key_start < right.key_start;
      return all_[left.place].key < all_[right.place].key;
    };
    std::sort(order_.begin() + static_cast<std::ptrdiff_t>(first), order_.end(), before);
  }

  void append_array(std::uint32_t array) {
    comparable_ += '[';
    for_each_in(array, [&](std::uint32_t element) {
      if (element != array + 1) comparable_ += ',';
      append(element);
    });
    comparable_ += ']';
  }

  void append_unordered(std::uint32_t array) {
    std::vector<std::string> elements;
    for_each_in(array, [&](std::uint32_t element) {
      const std::size_t begin = comparable_.size();
      append(element);
      elements.push_back(comparable_.substr(begin));
      comparable_.resize(begin);
    });
    std::sort(elements.begin(), elements.end());
    comparable_ += '[';
    for (const std::string& element : elements) {
      if (&element != &elements.front()) comparable_ += ',';
      comparable_ += element;
    }
    comparable_ += ']';
  }

  template <typename Function>
  void for_each_in(std::uint32_t outer, Function function) {
    const std::uint32_t end = all_[outer].next;
    for (std::uint32_t i = outer + 1; i < end; i = all_[i].next) function(i);
  }

  void append_string(const Node& node) {
    const std::string_view raw = node.value;
    std::string_view string = raw.size() < 2 ? "" : raw.substr(1, raw.size() - 2);
    std::string decoded;
    if (node.escaped) {
      json::append_decoded(decoded, string);
      string = decoded;
    }
    switch (node.place) {
      case Place::Id:
        if (Uuid::parse(string)) return append_lower(string);
        break;
      // Case does not count in language tags (RFC 5646 section 2.1.1).
      case Place::Language: return append_lower(string);
      case Place::Mailto: return json::append_string(comparable_, comparable_mailto(string));
      case Place::DurationText:
        return json::append_string(comparable_, comparable_duration(string));
      case Place::TimestampText:
        if (const auto instant = instant_of(string)) {
          comparable_ += std::to_string(*instant);
          return;
        }
        break;
      default: break;
    }
    if (!node.escaped) {
      comparable_ += raw;
    } else {
      json::append_string(comparable_, string);
    }
  }

  // Of letters, digits and dashes.
  void append_lower(std::string_view string) {
    comparable_ += '"';
    const std::size_t begin = comparable_.size();
    comparable_ += string;
    const auto written = comparable_.begin() + static_cast<std::ptrdiff_t>(begin);
    std::transform(written, comparable_.end(), written, to_lower);
    comparable_ += '"';
  }

  const Nodes nodes_;
  const std::span<const Node> all_;
  std::vector<Member> order_;  // members of the objects that are open
  std::string comparable_;
};

}  // namespace

std::string comparable(std::string_view statement) {
  return ComparableWriter(statement).write();
}

}  // namespace waypost::statement
