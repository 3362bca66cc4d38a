#include "statement/formats/characters.hpp"
#include "statement/formats/formats.hpp"

namespace waypost::statement {
namespace {

// Reads "12", "12.5" or "12,5" and the designator behind it.
bool read_component(std::string_view& rest, char& designator, bool& has_fraction) {
  const auto take_digits = [&] {
    std::size_t count = 0;
    while (count < rest.size() && is_digit(rest[count])) ++count;
    rest.remove_prefix(count);
    return count != 0;
  };
  if (!take_digits()) return false;
  has_fraction = !rest.empty() && (rest.front() == '.' || rest.front() == ',');
  if (has_fraction) {
    rest.remove_prefix(1);
    if (!take_digits()) return false;
  }
  if (rest.empty()) return false;
  designator = rest.front();
  rest.remove_prefix(1);
  return true;
}

// Components in the order of `designators`, each at most once, at least one. Only the last
// component of a duration may have a fraction.
bool read_components(std::string_view& rest, std::string_view designators) {
  bool any = false;
  while (!rest.empty() && rest.front() != 'T') {
    char designator = '\0';
    bool has_fraction = false;
    if (!read_component(rest, designator, has_fraction)) return false;
    const auto place = designators.find(designator);
    if (place == std::string_view::npos) return false;
    if (has_fraction && !rest.empty()) return false;
    designators.remove_prefix(place + 1);
    any = true;
  }
  return any;
}

}  // namespace

bool is_duration(std::string_view text) {
  if (text.size() < 3 || text.front() != 'P') return false;
  text.remove_prefix(1);
  if (text.back() == 'W') return read_components(text, "W") && text.empty();
  if (text.front() != 'T' && !read_components(text, "YMD")) return false;
  if (text.empty()) return true;
  text.remove_prefix(1);
  return read_components(text, "HMS") && text.empty();
}

}  // namespace waypost::statement
