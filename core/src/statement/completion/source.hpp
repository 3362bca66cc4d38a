#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "statement/completion/members.hpp"

namespace waypost::statement {

// What is looked for in the object of an event.
enum class ObjectPart : std::uint8_t {
  ObjectType,
  Definition,
  Name,
  Description,
  Type,
  // Of actors only.
  Mbox,
  MboxSha1sum,
  Openid,
  Account,
  Member,
};

inline constexpr std::array<std::string_view, 10> kObjectPartNames{
    "objectType", "definition",   "name",   "description", "type",
    "mbox",       "mbox_sha1sum", "openid", "account",     "member"};

// By ObjectPart.
using ObjectParts = std::array<Slice, kObjectPartNames.size()>;

inline constexpr std::size_t kSourceMembersMax = 16;

// An event or a page's defaults, as its author wrote it but without the members whose value is an
// empty string or object, or becomes one so. Extensions and the elements of arrays are as they are.
// On a flaw, or when the text is no object, or has unknown members, nothing else counts.
class Source {
 public:
  // Reads `text` once, twice if something empty has to go. names[object_place] is "object". The
  // text must outlive this.
  void read(std::string_view text, std::span<const std::string_view> names,
            std::size_t object_place);

  // The value of the member of that place in `names`.
  const Slice& operator[](std::size_t place) const { return values_[place]; }

  const ObjectParts& object_parts() const { return object_parts_; }

  std::string_view whole() const { return whole_; }

  bool is_object() const { return is_object_; }

  const std::optional<json::Flaw>& flaw() const { return flaw_; }

  // The names of members that are not in `names`.
  const std::vector<std::string>& unknown() const { return unknown_; }

 private:
  class Pass;

  std::string stripped_;
  std::string_view whole_;
  std::array<Slice, kSourceMembersMax> values_;
  ObjectParts object_parts_;
  bool is_object_ = false;
  std::optional<json::Flaw> flaw_;
  std::vector<std::string> unknown_;
};

}  // namespace waypost::statement
