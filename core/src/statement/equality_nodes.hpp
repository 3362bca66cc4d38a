#pragma once

#include <cstddef>
#include <cstdint>
#include <forward_list>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "statement/equality_key.hpp"
#include "statement/equality_places.hpp"

namespace waypost::statement {

// A value of a statement that counts, and the key it stands under. Its members or elements follow
// it, each with all that is in it.
struct Node {
  enum class Kind : std::uint8_t { Object, Array, String, Other };

  Key key;                 // empty for elements
  std::string_view value;  // of a string, quotes included, and of what is Other
  std::uint32_t next = 0;  // the place behind all that is in it
  Kind kind = Kind::Other;
  Place place = Place::Plain;
  bool escaped = false;  // a string that holds at least one escape
};

// The values of a statement, in the order of its text, without those that never count.
//
// `text` was read by json::Reader and found valid: here nothing is checked again, commas, colons
// and white space are only passed over. Whatever else it is, no byte outside of it is looked at,
// and nothing is nested deeper than the reader reads.
class Nodes {
 public:
  explicit Nodes(std::string_view text);

  // They point into the text and into this.
  std::span<const Node> all() const { return nodes_; }

 private:
  std::string_view from_to(std::size_t begin, std::size_t end) const {
    return text_.substr(begin, end - begin);
  }

  char skip_between();
  bool read_string();
  void skip_escapes();
  void read_other();
  std::uint32_t read_value(Place place, const Key& key);
  void read_members(Place object);
  void read_elements(Place array);
  void skip_value();
  Key key_from(std::size_t begin, bool escaped);

  std::string_view text_;
  std::size_t at_ = 0;
  std::size_t depth_ = 0;
  std::vector<Node> nodes_;
  std::forward_list<std::string> respelled_;  // keys that have escapes in the text
};

}  // namespace waypost::statement
