#include "statement/completion/context.hpp"

#include <algorithm>
#include <vector>

#include "waypost/json/text.hpp"

namespace waypost::statement {
namespace {

bool is_merged_inside(std::string_view name) {
  return name == "contextActivities" || name == "extensions";
}

bool is_for_activities_only(std::string_view name) {
  return name == "revision" || name == "platform";
}

enum class Level { Context, Inside };

class Merge {
 public:
  Merge(std::string& to, bool about_activity) : to_(to), about_activity_(about_activity) {}

  void append(std::string_view own, std::string_view defaults, Level level) {
    ObjectWriter object(to_);
    std::vector<std::string> names;
    visit_members(own, [&](std::string_view name, std::string_view key, const Slice& value) {
      names.emplace_back(name);
      object.key(key);
      const bool inside = level == Level::Context && is_merged_inside(name) && value.is_object();
      const Slice other = inside ? find_member(defaults, name) : Slice();
      if (other.is_object()) {
        append(value.raw, other.raw, Level::Inside);
      } else {
        to_ += value.raw;
      }
    });
    std::sort(names.begin(), names.end());
    visit_members(defaults, [&](std::string_view name, std::string_view key, const Slice& value) {
      const bool unfit =
          level == Level::Context && !about_activity_ && is_for_activities_only(name);
      if (unfit || std::binary_search(names.begin(), names.end(), name)) return;
      object.key(key);
      to_ += value.raw;
    });
    object.close();
  }

 private:
  std::string& to_;
  bool about_activity_;
};

// Whether `pointer` is at or below the member `name` of what it is relative to.
bool leads_to(std::string_view pointer, std::string_view name) {
  std::string token;
  json::append_pointer_token(token, name);
  return pointer.starts_with(token) &&
         (pointer.size() == token.size() || pointer[token.size()] == '/');
}

}  // namespace

void append_merged_context(std::string& to, const Slice& own, const Slice& defaults,
                           bool about_activity) {
  constexpr std::string_view kNothing = "{}";
  Merge(to, about_activity)
      .append(own.present() ? own.raw : kNothing, defaults.present() ? defaults.raw : kNothing,
              Level::Context);
}

bool comes_from_defaults(std::string_view path, const Slice& own, const Slice& defaults) {
  if (!defaults.is_object()) return false;
  const auto below = path.substr(std::string_view("/context").size());
  bool found = false;
  visit_members(defaults.raw, [&](std::string_view name, std::string_view, const Slice& value) {
    if (!leads_to(below, name)) return;
    const Slice ours = own.is_object() ? find_member(own.raw, name) : Slice();
    found = !ours.present();
    if (found || !is_merged_inside(name) || !value.is_object() || !ours.is_object()) return;
    std::string token;
    json::append_pointer_token(token, name);
    visit_members(value.raw, [&](std::string_view inner, std::string_view, const Slice&) {
      found = found || (leads_to(below.substr(token.size()), inner) &&
                        !find_member(ours.raw, inner).present());
    });
  });
  return found;
}

}  // namespace waypost::statement
