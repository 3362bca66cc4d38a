#include "statement/checks.hpp"

#include <bit>

#include "statement/checker.hpp"
#include "statement/formats/formats.hpp"
#include "statement/message.hpp"
#include "statement/shapes.hpp"
#include "waypost/json/decimal.hpp"
#include "waypost/uuid.hpp"

namespace waypost::statement {
namespace {

using json::TokenKind;

constexpr std::string_view kVoided = "http://adlnet.gov/expapi/verbs/voided";
constexpr std::string_view kSignature = "http://adlnet.gov/expapi/attachments/signature";

consteval std::uint32_t thing_bit(std::string_view name) {
  return 1U << place_of(kThingProperties, name);
}

constexpr std::uint32_t kIdentifiers =
    thing_bit("mbox") | thing_bit("mbox_sha1sum") | thing_bit("openid") | thing_bit("account");

constexpr std::size_t kMember = place_of(kThingProperties, "member");

void check_identifiers(Checker& checker, const Frame& actor) {
  const int count = std::popcount(actor.seen & kIdentifiers);
  const bool is_group = actor.kind == kind::kGroup;
  const bool names_none =
      actor.has(kMember, TokenKind::ArrayBegin) && actor.values[kMember].detail == 0;
  if (is_group && count == 0 && (names_none || !actor.has(kMember))) {
    checker.report(rule("actor.member-required"), "",
                   {"Add member, the list of the Group's Agents, or one of mbox, mbox_sha1sum, "
                    "openid, account."});
  }
  if (count == 1 || (is_group && count == 0)) return;
  checker.report(
      rule("actor.one-identifier"), "",
      {"Give ", actor.shape.title, " exactly one of mbox, mbox_sha1sum, openid, account; it has ",
       count == 0 ? "none." : "more than one."});
}

// An Activity is named by an IRI, another statement by a UUID.
void check_thing_id(Checker& checker, const Frame& thing) {
  constexpr std::size_t kId = place_of(kThingProperties, "id");
  if (!thing.has(kId, TokenKind::String)) return;
  const std::string_view id = checker.decoded(thing.values[kId]);
  if (thing.kind == kind::kActivity && !is_iri(id)) {
    checker.report(rule("format.iri"), "/id",
                   {"The id of an Activity must be an IRI such as https://example.org/course/1; ",
                    shown(id), " is not."});
  }
  if (thing.kind == kind::kStatementRef && !Uuid::parse(id)) {
    checker.report(
        rule("format.uuid"), "/id",
        {"The id of a StatementRef must be the UUID of a statement; ", shown(id), " is not."});
  }
}

// Rules between the verb, the object and the context of a statement or sub-statement.
void check_object_kind(Checker& checker, const Frame& statement, std::size_t object_place,
                       std::size_t context_place) {
  if (!statement.has(object_place, TokenKind::ObjectBegin)) return;
  const Kinds object_kind = statement.values[object_place].kind;
  if (object_kind == kind::kNone) return;
  if (statement.voids && object_kind != kind::kStatementRef) {
    checker.report(rule("statement.voiding-target"), "/object",
                   {"A statement that voids another must have that one as its object: "
                    "{\"objectType\": \"StatementRef\", \"id\": its UUID}."});
  }
  if (object_kind == kind::kActivity || !statement.has(context_place, TokenKind::ObjectBegin)) {
    return;
  }
  const std::uint32_t context = statement.values[context_place].detail;
  for (const std::string_view name : {"revision", "platform"}) {
    const std::size_t place = name == "revision" ? place_of(kContextProperties, "revision")
                                                 : place_of(kContextProperties, "platform");
    if (((context >> place) & 1U) == 0) continue;
    checker.report(rule("context.activity-only"), joined({"/context/", name}),
                   {"Remove ", name, ": it may stand only where the object is an Activity."});
  }
}

}  // namespace

void check_statement(Checker& checker, Frame& statement) {
  if (!checker.rules().unstamped && !statement.has(place_of(kStatementProperties, "actor"))) {
    checker.report(rule("statement.actor-required"), "", {"Add actor: who did it."});
  }
  check_object_kind(checker, statement, place_of(kStatementProperties, "object"),
                    place_of(kStatementProperties, "context"));
}

void check_thing(Checker& checker, Frame& thing) {
  if ((thing.kind & kind::kActor) != 0) check_identifiers(checker, thing);
  check_thing_id(checker, thing);
  if (thing.kind == kind::kSubStatement) {
    check_object_kind(checker, thing, place_of(kThingProperties, "object"),
                      place_of(kThingProperties, "context"));
  }
}

// Section 2.4.9: a Group is the two parties of three-legged OAuth.
void check_authority(Checker& checker, Frame& authority) {
  check_thing(checker, authority);
  if (authority.kind != kind::kGroup) return;
  const bool anonymous = (authority.seen & kIdentifiers) == 0;
  const bool pair = authority.has(kMember) && authority.values[kMember].detail == 2;
  if (anonymous && pair) return;
  checker.report(rule("statement.authority"), "",
                 {"A Group as authority must have exactly two members and no identifier of its "
                  "own. Usually the LRS sets the authority: leave it out."});
}

void check_verb(Checker& checker, Frame& verb) {
  constexpr std::size_t kId = place_of(kVerbProperties, "id");
  if (!verb.has(kId, TokenKind::String) || verb.outer == nullptr) return;
  verb.outer->voids = checker.decoded(verb.values[kId]) == kVoided;
}

void check_score(Checker& checker, Frame& score) {
  constexpr std::size_t kScaled = place_of(kScoreProperties, "scaled");
  constexpr std::size_t kRaw = place_of(kScoreProperties, "raw");
  constexpr std::size_t kMin = place_of(kScoreProperties, "min");
  constexpr std::size_t kMax = place_of(kScoreProperties, "max");
  const auto has = [&](std::size_t place) { return score.has(place, TokenKind::Number); };
  const auto text = [&](std::size_t place) { return checker.raw(score.values[place]); };
  const auto is_less = [&](std::string_view left, std::string_view right) {
    return json::compare_decimals(left, right) < 0;
  };
  if (has(kScaled) && (is_less(text(kScaled), "-1") || is_less("1", text(kScaled)))) {
    checker.report(rule("score.scaled-range"), "/scaled",
                   {"scaled must be from -1 to 1, not ", shown(text(kScaled)),
                    "; put points into raw, with min and max."});
  }
  if (has(kMin) && has(kMax) && !is_less(text(kMin), text(kMax))) {
    checker.report(rule("score.min-max"), "/min",
                   {"min must be less than max; ", shown(text(kMin)), " is not less than ",
                    shown(text(kMax)), "."});
  }
  const bool below = has(kRaw) && has(kMin) && is_less(text(kRaw), text(kMin));
  const bool above = has(kRaw) && has(kMax) && is_less(text(kMax), text(kRaw));
  if (below || above) {
    checker.report(rule("score.raw-range"), "/raw",
                   {"raw must be from min to max; ", shown(text(kRaw)),
                    below ? " is below min." : " is above max."});
  }
}

void check_attachment(Checker& checker, Frame& attachment) {
  constexpr std::size_t kUsageType = place_of(kAttachmentProperties, "usageType");
  constexpr std::size_t kContentType = place_of(kAttachmentProperties, "contentType");
  constexpr std::size_t kLength = place_of(kAttachmentProperties, "length");
  constexpr std::size_t kFileUrl = place_of(kAttachmentProperties, "fileUrl");
  if (attachment.has(kLength, TokenKind::Number)) {
    const std::string_view length = checker.raw(attachment.values[kLength]);
    if (!json::is_whole(length) || json::compare_decimals(length, "0") < 0) {
      checker.report(
          rule("format.length"), "/length",
          {"length must be the number of bytes, a whole number; ", shown(length), " is not."});
    }
  }
  const bool signs = attachment.has(kUsageType, TokenKind::String) &&
                     checker.decoded(attachment.values[kUsageType]) == kSignature;
  if (signs && attachment.has(kContentType, TokenKind::String) &&
      checker.decoded(attachment.values[kContentType]) != "application/octet-stream") {
    checker.report(rule("attachment.signature-content-type"), "/contentType",
                   {"The contentType of a signature must be \"application/octet-stream\"."});
  }
  const bool of_statement = attachment.outer != nullptr && attachment.outer->outer == nullptr;
  if (signs && of_statement) checker.outline().signed_statement = true;
  if (!checker.rules().json_only) return;
  if (signs) {
    checker.report(rule("attachment.signature-bytes"), "",
                   {"A signed statement must be sent as multipart/mixed with its signature, "
                    "straight to the LRS."});
  } else if (!attachment.has(kFileUrl)) {
    checker.report(rule("attachment.file-url-required"), "",
                   {"Add fileUrl: a statement sent as application/json cannot carry the bytes of "
                    "its attachments."});
  }
}

}  // namespace waypost::statement
