#include "waypost/statement/completion.hpp"

#include <array>
#include <utility>

#include "statement/completion/context.hpp"
#include "statement/completion/members.hpp"
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

// An object as its author wrote it, read once (twice if something empty had to go).
template <typename Name, std::size_t kCount>
struct Source {
  std::string stripped;
  std::string_view whole;
  std::array<Slice, kCount> values;
  ObjectParts object;  // of its member "object"

  const Slice& operator[](Name name) const { return values[static_cast<std::size_t>(name)]; }
};

using Parts = Source<Part, kPartNames.size()>;
using Defaults = Source<Default, kDefaultNames.size()>;

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
  void violate(std::string path, std::string_view rule, std::string message) {
    if (completion_.violations.size() == limits::kViolationsPerStatementMax) return;
    completion_.violations.push_back({std::move(path), rule, std::move(message)});
  }

  // Reads `text` into `source`; what is wrong with it comes back.
  template <typename Name, std::size_t kCount>
  static Reading read(std::string_view text, const std::array<std::string_view, kCount>& names,
                      Source<Name, kCount>& source) {
    const auto read_once = [&](std::string_view once) {
      source.values = {};
      source.object = {};
      Reading reading =
          read_members(once, {names, source.values}, static_cast<std::size_t>(Name::Object),
                       {kObjectPartNames, source.object});
      source.whole = reading.whole;
      return reading;
    };
    Reading reading = read_once(text);
    const bool wrong = reading.flaw || !reading.is_object || !reading.unknown.empty();
    if (wrong || !reading.has_empty) return reading;
    source.stripped = without_empty_members(source.whole);
    return read_once(source.stripped);
  }

  bool read_event(std::string_view event) {
    const Reading reading = read(event, kPartNames, event_);
    if (reading.flaw) {
      completion_.violations.push_back(violation_of(*reading.flaw));
    } else if (!reading.is_object) {
      violate("", "event.object", "An event is a JSON object, such as {\"verb\":\"completed\"}.");
    }
    for (const std::string& name : reading.unknown) {
      std::string path;
      json::append_pointer_token(path, name);
      violate(std::move(path), "event.unknown-member",
              unknown_member_message("An event", name, kPartNames));
    }
    return completion_.violations.empty();
  }

  bool read_defaults() {
    if (context_.defaults.empty()) return true;
    const Reading reading = read(context_.defaults, kDefaultNames, defaults_);
    std::string wrong;
    if (reading.flaw) {
      wrong = violation_of(*reading.flaw).message;
    } else if (!reading.is_object) {
      wrong = "They are a JSON object.";
    } else if (!reading.unknown.empty()) {
      wrong = unknown_member_message("The object", reading.unknown.front(), kDefaultNames);
    } else if (defaults_[Default::Language].present() &&
               !defaults_[Default::Language].is_string()) {
      wrong = "Their language is a string.";
    } else if (defaults_[Default::Context].present() && !defaults_[Default::Context].is_object()) {
      wrong = "Their context is an object.";
    }
    if (!wrong.empty()) violate("", "event.defaults", joined({kInDefaults, wrong}));
    return wrong.empty();
  }

  const Slice& own(Part part) const { return event_[part]; }

  bool has_result_short_forms() const {
    for (std::size_t i = kStatementParts; i < kPartNames.size(); ++i) {
      if (event_.values[i].present()) return true;
    }
    return false;
  }

  // A full statement keeps its own bytes; what it lacks is added in front.
  bool is_in_full() const {
    const bool context_is_merged =
        own(Part::Context).is_object() && defaults_[Default::Context].present();
    const bool object_in_full = !own(Part::Object).present() || object_.in_full();
    return !own(Part::Verb).is_string() && object_in_full && !context_is_merged &&
           !has_result_short_forms();
  }

  void write_statement() {
    object_is_default_ = !own(Part::Object).present();
    object_ = object_is_default_ ? EventObject(defaults_[Default::Object], defaults_.object)
                                 : EventObject(own(Part::Object), event_.object);
    const bool in_full = is_in_full();
    std::string& to = completion_.statement;
    ObjectWriter statement(to);
    for (std::size_t i = 0; i < kStatementParts; ++i) {
      if (in_full && event_.values[i].present()) continue;
      const auto before = statement.mark();
      statement.name(kPartNames[i]);
      if (!append(static_cast<Part>(i))) statement.back_to(before);
    }
    if (!in_full) return statement.close();
    const auto members = event_.whole.substr(1);
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
        const Slice& actor = defaults_[Default::Actor];
        to += actor.raw;
        return actor.present();
      }
      default: return false;
    }
  }

  bool append_object() {
    if (!own(Part::Object).present() && !defaults_[Default::Object].present()) return false;
    const Slice& language = defaults_[Default::Language];
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
    if (result.present()) {
      visit_members(result.raw,
                    [&](std::string_view name, std::string_view key, const Slice& value) {
                      for (std::size_t i = kStatementParts; i < kPartNames.size(); ++i) {
                        if (kPartNames[i] != name || !event_.values[i].present()) continue;
                        violate(joined({"/", name}), "event.given-twice",
                                "This is given here and in the result. Keep one of the two.");
                      }
                      object.key(key);
                      to += value.raw;
                    });
    }
    for (std::size_t i = kStatementParts; i < kPartNames.size(); ++i) {
      if (!event_.values[i].present()) continue;
      object.name(kPartNames[i]);
      append_result_member(static_cast<Part>(i));
    }
    object.close();
    return true;
  }

  void append_result_member(Part part) {
    std::string& to = completion_.statement;
    const Slice& value = own(part);
    std::string wrong;
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
    violate(joined({"/", kPartNames[static_cast<std::size_t>(part)]}), rule, std::move(wrong));
  }

  bool append_context() {
    std::string& to = completion_.statement;
    const Slice& context = own(Part::Context);
    const Slice& defaults = defaults_[Default::Context];
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
      return !own(Part::Actor).present() && defaults_[Default::Actor].present();
    }
    if (path.starts_with("/object")) {
      return object_is_default_ && defaults_[Default::Object].present();
    }
    if (!path.starts_with("/context")) return false;
    return comes_from_defaults(path, own(Part::Context), defaults_[Default::Context]);
  }

  // Where the author finds what the statement has at `path`.
  std::string path_in_event(std::string_view path) const {
    if (path.starts_with("/verb") && own(Part::Verb).is_string()) return "/verb";
    if (path.starts_with("/object")) return object_.path_in_event(path);
    for (std::size_t i = kStatementParts; i < kPartNames.size(); ++i) {
      const std::string short_form = joined({"/", kPartNames[i]});
      const std::string place = joined({"/result", short_form});
      if (!event_.values[i].present() || !path.starts_with(place)) continue;
      const bool in_full = event_.values[i].is_object();
      return joined({short_form, in_full ? path.substr(place.size()) : ""});
    }
    return std::string(path);
  }

  const CompletionContext& context_;
  Parts event_;
  Defaults defaults_;
  EventObject object_;
  bool object_is_default_ = false;
  Completion completion_;
};

}  // namespace

Completion complete(std::string_view event, const CompletionContext& context) {
  return Completer(context).complete(event);
}

}  // namespace waypost::statement
