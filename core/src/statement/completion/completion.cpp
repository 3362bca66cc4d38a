#include "waypost/statement/completion.hpp"

#include <array>
#include <utility>

#include "statement/completion/context.hpp"
#include "statement/completion/members.hpp"
#include "statement/completion/source.hpp"
#include "statement/completion/suggestion.hpp"
#include "statement/completion/values.hpp"
#include "statement/completion/verb_and_object.hpp"
#include "statement/message.hpp"
#include "waypost/json/text.hpp"
#include "waypost/limits.hpp"

namespace waypost::statement {
namespace {

// The members of an event. First those a statement has too, in the order it gets them; then the
// short forms of members of its result.
enum class Part : std::uint8_t {
  Id,
  Actor,
  Verb,
  Object,
  Result,
  Context,
  Timestamp,
  Stored,
  Authority,
  Version,
  Attachments,
  Score,
  Success,
  Completion,
  Response,
  Duration,
};

constexpr std::array<std::string_view, 16> kPartNames{
    "id",        "actor",      "verb",      "object",  "result",      "context",
    "timestamp", "stored",     "authority", "version", "attachments", "score",
    "success",   "completion", "response",  "duration"};

constexpr std::size_t kStatementParts = 11;

enum class Default : std::uint8_t { Actor, Object, Language, Context };

constexpr std::array<std::string_view, 4> kDefaultNames{"actor", "object", "language", "context"};

static_assert(kPartNames.size() <= kSourceMembersMax);

constexpr std::string_view kInDefaults = "In the page's defaults: ";

std::string unknown_member_message(std::string_view of, std::string_view name,
                                   std::span<const std::string_view> known) {
  Suggestion suggestion(name);
  for (const auto candidate : known) suggestion.consider(candidate);
  return joined({of, " has no member ", shown(name), ".", suggestion.question()});
}

class Completer {
 public:
  explicit Completer(const CompletionContext& context) : context_(context) {}

  Completion complete(std::string_view event) {
    if (event.size() > limits::kStatementBytesMax) {
      violate("", "event.too-large",
              joined({"An event may have ", std::to_string(limits::kStatementBytesMax),
                      " bytes; this one has more."}));
      return std::move(completion_);
    }
    if (!read_defaults() || !read_event(event)) return std::move(completion_);
    completion_.statement.reserve(event.size() + context_.defaults.size() + 256);
    write_statement();
    if (completion_.violations.empty()) check();
    if (!completion_.violations.empty()) completion_.statement.clear();
    return std::move(completion_);
  }

 private:
  void violate(std::string_view path, std::string_view rule, std::string_view message) {
    if (completion_.violations.size() == limits::kViolationsPerStatementMax) return;
    completion_.violations.push_back({std::string(path), rule, std::string(message)});
  }

  bool read_event(std::string_view event) {
    event_.read(event, kPartNames, static_cast<std::size_t>(Part::Object));
    if (event_.flaw()) {
      completion_.violations.push_back(violation_of(*event_.flaw()));
    } else if (!event_.is_object()) {
      violate("", "event.object", "An event is a JSON object, such as {\"verb\":\"completed\"}.");
    }
    for (const std::string& name : event_.unknown()) {
      std::string path;
      json::append_pointer_token(path, name);
      violate(path, "event.unknown-member", unknown_member_message("An event", name, kPartNames));
    }
    return completion_.violations.empty();
  }

  bool read_defaults() {
    if (context_.defaults.empty()) return true;
    if (context_.defaults.size() <= limits::kDefaultsBytesMax) {
      defaults_.read(context_.defaults, kDefaultNames, static_cast<std::size_t>(Default::Object));
    }
    const std::string wrong = wrong_with_defaults();
    if (!wrong.empty()) violate("", "event.defaults", joined({kInDefaults, wrong}));
    return wrong.empty();
  }

  std::string wrong_with_defaults() const {
    if (context_.defaults.size() > limits::kDefaultsBytesMax) return "They are too large.";
    if (defaults_.flaw()) return violation_of(*defaults_.flaw()).message;
    if (!defaults_.is_object()) return "They are a JSON object.";
    if (!defaults_.unknown().empty()) {
      return unknown_member_message("The object", defaults_.unknown().front(), kDefaultNames);
    }
    const Slice& language = given(Default::Language);
    if (language.present() && !language.is_string()) return "Their language is a string.";
    const Slice& context = given(Default::Context);
    if (context.present() && !context.is_object()) return "Their context is an object.";
    return {};
  }

  const Slice& own(Part part) const { return event_[static_cast<std::size_t>(part)]; }

  const Slice& given(Default part) const { return defaults_[static_cast<std::size_t>(part)]; }

  bool has_result_short_forms() const {
    for (std::size_t i = kStatementParts; i < kPartNames.size(); ++i) {
      if (event_[i].present()) return true;
    }
    return false;
  }

  // A full statement keeps its own bytes; what it lacks is added in front.
  bool is_in_full() const {
    const bool context_is_merged =
        own(Part::Context).is_object() && given(Default::Context).present();
    const bool object_in_full = !own(Part::Object).present() || object_.in_full();
    return !own(Part::Verb).is_string() && object_in_full && !context_is_merged &&
           !has_result_short_forms();
  }

  void write_statement() {
    object_is_default_ = !own(Part::Object).present();
    object_ = object_is_default_ ? EventObject(given(Default::Object), defaults_.object_parts())
                                 : EventObject(own(Part::Object), event_.object_parts());
    const bool in_full = is_in_full();
    std::string& to = completion_.statement;
    ObjectWriter statement(to);
    for (std::size_t i = 0; i < kStatementParts; ++i) {
      if (in_full && event_[i].present()) continue;
      const auto before = statement.mark();
      statement.name(kPartNames[i]);
      if (!append(static_cast<Part>(i))) statement.back_to(before);
    }
    if (!in_full) return statement.close();
    const auto members = event_.whole().substr(1);
    if (members.find('"') != std::string_view::npos) statement.comma();
    to += members;
  }

  // Appends the value of one member of the statement; false when there is none.
  bool append(Part part) {
    std::string& to = completion_.statement;
    const Slice& value = own(part);
    switch (part) {
      case Part::Verb:
        if (value.present()) append_verb(to, value, completion_.violations);
        return value.present();
      case Part::Object: return append_object();
      case Part::Result: return append_result();
      case Part::Context: return append_context();
      default: break;
    }
    if (value.present()) {
      to += value.raw;
      return true;
    }
    return append_missing(part);
  }

  bool append_missing(Part part) {
    std::string& to = completion_.statement;
    switch (part) {
      case Part::Id: json::append_string(to, context_.id.text()); return true;
      case Part::Timestamp: append_timestamp(to, context_.now); return true;
      case Part::Actor: {
        const Slice& actor = given(Default::Actor);
        to += actor.raw;
        return actor.present();
      }
      default: return false;
    }
  }

  bool append_object() {
    if (!own(Part::Object).present() && !given(Default::Object).present()) return false;
    const Slice& language = given(Default::Language);
    std::vector<Violation> violations;
    object_.append(completion_.statement, language.present() ? language.raw : "\"und\"",
                   violations);
    for (Violation& violation : violations) {
      if (object_is_default_) violation.message.insert(0, kInDefaults);
      completion_.violations.push_back(std::move(violation));
    }
    return true;
  }

  bool append_result() {
    std::string& to = completion_.statement;
    const Slice& result = own(Part::Result);
    const bool has_short_forms = has_result_short_forms();
    if (!has_short_forms || (result.present() && !result.is_object())) {
      to += result.raw;
      return result.present();
    }
    ObjectWriter object(to);
    for (MemberCursor member(result.present() ? result.raw : "{}"); member.next();) {
      refuse_if_given_twice(member.name());
      object.key(member.key());
      to += member.value().raw;
    }
    for (std::size_t i = kStatementParts; i < kPartNames.size(); ++i) {
      if (!event_[i].present()) continue;
      object.name(kPartNames[i]);
      append_result_member(static_cast<Part>(i));
    }
    object.close();
    return true;
  }

  void refuse_if_given_twice(std::string_view name) {
    for (std::size_t i = kStatementParts; i < kPartNames.size(); ++i) {
      if (kPartNames[i] != name || !event_[i].present()) continue;
      violate(joined({"/", name}), "event.given-twice",
              "This is given here and in the result. Keep one of the two.");
    }
  }

  void append_result_member(Part part) {
    std::string& to = completion_.statement;
    const Slice& value = own(part);
    std::string_view wrong;
    switch (part) {
      case Part::Score: wrong = append_score(to, value); break;
      case Part::Response: wrong = append_response(to, value); break;
      case Part::Duration: wrong = append_duration(to, value); break;
      default: to += value.raw;
    }
    if (wrong.empty()) return;
    const std::string_view rule = part == Part::Score      ? "event.score"
                                  : part == Part::Response ? "event.response"
                                                           : "event.duration";
    violate(joined({"/", kPartNames[static_cast<std::size_t>(part)]}), rule, wrong);
  }

  bool append_context() {
    std::string& to = completion_.statement;
    const Slice& context = own(Part::Context);
    const Slice& defaults = given(Default::Context);
    if (!defaults.present() || (context.present() && !context.is_object())) {
      to += context.raw;
      return context.present();
    }
    const std::size_t begin = to.size();
    append_merged_context(to, context, defaults, object_.is_activity());
    return to.size() - begin > 2;
  }

  // The rules of statements have the last word.
  void check() {
    const Validation validation = validate(completion_.statement, context_.rules);
    for (const Violation& violation : validation.violations) {
      const std::string_view where = is_default(violation.path) ? kInDefaults : "";
      violate(path_in_event(violation.path), violation.rule, joined({where, violation.message}));
    }
  }

  bool is_default(std::string_view path) const {
    if (path.starts_with("/actor")) {
      return !own(Part::Actor).present() && given(Default::Actor).present();
    }
    if (path.starts_with("/object")) {
      return object_is_default_ && given(Default::Object).present();
    }
    if (!path.starts_with("/context")) return false;
    return comes_from_defaults(path, own(Part::Context), given(Default::Context));
  }

  // Where the author finds what the statement has at `path`.
  std::string path_in_event(std::string_view path) const {
    if (path.starts_with("/verb") && own(Part::Verb).is_string()) return "/verb";
    if (path.starts_with("/object")) return object_.path_in_event(path);
    for (std::size_t i = kStatementParts; i < kPartNames.size(); ++i) {
      const std::string short_form = joined({"/", kPartNames[i]});
      const std::string place = joined({"/result", short_form});
      if (!event_[i].present() || !path.starts_with(place)) continue;
      const bool in_full = event_[i].is_object();
      return joined({short_form, in_full ? path.substr(place.size()) : ""});
    }
    return std::string(path);
  }

  const CompletionContext& context_;
  Source event_;
  Source defaults_;
  EventObject object_;
  bool object_is_default_ = false;
  Completion completion_;
};

}  // namespace

Completion complete(std::string_view event, const CompletionContext& context) {
  return Completer(context).complete(event);
}

}  // namespace waypost::statement
