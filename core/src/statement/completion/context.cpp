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
    for (MemberCursor member(own); member.next();) {
      names.emplace_back(member.name());
      object.key(member.key());
      append_value(member, defaults, level);
    }
    for (MemberCursor member(defaults); member.next();) {
      const bool unfit =
          level == Level::Context && !about_activity_ && is_for_activities_only(member.name());
      // Not sorted, for size: limits::kDefaultsBytesMax keeps one side of this small.
      if (unfit || std::find(names.begin(), names.end(), member.name()) != names.end()) continue;
      object.key(member.key());
      to_ += member.value().raw;
    }
    object.close();
  }

 private:
  void append_value(const MemberCursor& member, std::string_view defaults, Level level) {
    const Slice& value = member.value();
    if (level == Level::Context && is_merged_inside(member.name()) && value.is_object()) {
      const Slice other = find_member(defaults, member.name());
      if (other.is_object()) return append(value.raw, other.raw, Level::Inside);
    }
    to_ += value.raw;
  }

  std::string& to_;
  bool about_activity_;
};

// Whether the member at the front of `pointer` is one of the defaults and not of `own`.
bool has_not(const Slice& own, const Slice& defaults, std::string_view pointer, Level level) {
  for (MemberCursor member(defaults.raw); member.next();) {
    std::string token;
    json::append_pointer_token(token, member.name());
    if (!pointer.starts_with(token)) continue;
    const auto below = pointer.substr(token.size());
    if (!below.empty() && below.front() != '/') continue;
    const Slice ours = own.is_object() ? find_member(own.raw, member.name()) : Slice();
    if (!ours.present()) return true;
    return level == Level::Context && is_merged_inside(member.name()) && ours.is_object() &&
           member.value().is_object() && has_not(ours, member.value(), below, Level::Inside);
  }
  return false;
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
  return has_not(own, defaults, below, Level::Context);
}

}  // namespace waypost::statement
