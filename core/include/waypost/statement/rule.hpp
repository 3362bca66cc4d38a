#pragma once

#include <array>
#include <cstdlib>
#include <string_view>

// Every rule of statements that Waypost enforces, by its stable id. docs/statement_rules.md shows
// the same table to course authors, and a test compares the two.
namespace waypost::statement {

struct RuleText {
  std::string_view id;
  std::string_view meaning;
};

// Sections: D is xAPI-Data 1.0.3, C is xAPI-Communication 1.0.3, L is IEEE 9274.1.1 (xAPI 2.0).
inline constexpr auto kRules = std::to_array<RuleText>({
    {"json.syntax", "The text is JSON (RFC 8259)."},
    {"json.invalid-utf8", "The text is UTF-8 (C 1.4)."},
    {"json.byte-order-mark", "The text begins with no byte order mark."},
    {"json.depth", "Objects and arrays are nested at most 64 deep."},
    {"json.duplicate-key", "A property stands once in its object (D 2.2; L 4.2.1)."},
    {"json.lone-surrogate", "An escaped surrogate (\\ud800 to \\udfff) is half of a pair."},
    {"json.number-range", "A number fits an IEEE 754 double."},
    {"json.null", "null stands only inside extensions (D 2.2)."},

    {"statement.too-large", "A statement has at most 262144 bytes."},
    {"statement.not-object", "A statement is a JSON object."},
    {"statement.none", "A list of statements holds at least one (C 2.1.2)."},
    {"statement.too-many", "A list of statements holds no more than the request may carry."},
    {"statement.unknown-property",
     "Every property is one the specification names (D 2.2; L 4.2.1)."},
    {"statement.wrong-type", "A value has the JSON type that its property asks for (D 2.2)."},
    {"statement.actor-required", "A statement and a sub-statement have an actor (D 2.4)."},
    {"statement.verb-required", "A statement and a sub-statement have a verb (D 2.4)."},
    {"statement.object-required", "A statement and a sub-statement have an object (D 2.4)."},
    {"statement.version", "The version is 1.0 or 1.0.x, and in xAPI 2.0 also 2.0.x (D 2.4.10)."},
    {"statement.voiding-target", "A voiding statement has a StatementRef as its object (D 2.3.2)."},
    {"statement.authority", "An authority is an Agent or an anonymous Group of two (D 2.4.9)."},

    {"actor.one-identifier",
     "An Agent has exactly one of mbox, mbox_sha1sum, openid and account, a Group at most one (D "
     "2.4.2)."},
    {"actor.object-type",
     "The objectType of an actor is Agent or Group, whichever may stand there (D 2.4.2)."},
    {"actor.member-required",
     "A Group without an identifier lists at least one member (D 2.4.2.2)."},
    {"account.home-page-required", "An account has a homePage (D 2.4.2.4)."},
    {"account.name-required", "An account has a name (D 2.4.2.4)."},
    {"verb.id-required", "A verb has an id (D 2.4.3)."},

    {"object.object-type",
     "The objectType is one that may stand there, in its exact spelling (D 2.4.4)."},
    {"object.object-type-required",
     "An objectType stands wherever the kind of object cannot be told without it (D 2.4.4)."},
    {"object.id-required", "An Activity and a StatementRef have an id (D 2.4.4)."},
    {"substatement.forbidden-property",
     "A SubStatement has no id, stored, version or authority (D 2.4.4.3)."},
    {"substatement.nested", "A SubStatement holds no SubStatement (D 2.4.4.3)."},

    {"interaction.type", "The interactionType is one of the ten of D 2.4.4.1."},
    {"interaction.type-required",
     "Interaction properties stand beside an interactionType (D 2.4.4.1)."},
    {"interaction.component-list",
     "choices, scale, source, target and steps stand only with the interaction types that use them "
     "(D 2.4.4.1)."},
    {"component.id-required", "An interaction component has an id that is not empty (D 2.4.4.1)."},
    {"component.id-unique", "The ids of a list of interaction components differ (D 2.4.4.1)."},

    {"score.scaled-range", "scaled is from -1 to 1 (D 2.4.5.1)."},
    {"score.min-max", "min is less than max (D 2.4.5.1)."},
    {"score.raw-range", "raw is not below min and not above max (D 2.4.5.1)."},

    {"context.activity-only",
     "revision and platform stand only where the object is an Activity (D 2.4.6)."},
    {"context.agent-required", "An element of contextAgents has an agent (L 4.2.2.5)."},
    {"context.group-required", "An element of contextGroups has a group (L 4.2.2.5)."},
    {"context.relevant-types-empty", "relevantTypes names at least one type (L 4.2.2.5)."},

    {"attachment.usage-type-required", "An attachment has a usageType (D 2.4.11)."},
    {"attachment.display-required", "An attachment has a display (D 2.4.11)."},
    {"attachment.content-type-required", "An attachment has a contentType (D 2.4.11)."},
    {"attachment.length-required", "An attachment has a length (D 2.4.11)."},
    {"attachment.sha2-required", "An attachment has a sha2 (D 2.4.11)."},
    {"attachment.file-url-required",
     "An attachment of a statement sent as application/json has a fileUrl (C 1.5.1)."},
    {"attachment.signature-content-type",
     "The attachment of a signature is application/octet-stream (D 2.6)."},
    {"attachment.signature-bytes",
     "The attachment of a signature travels as multipart/mixed, not as application/json (D 2.6; C "
     "1.5)."},

    {"format.uuid", "A UUID has the form of RFC 4122 (D 4.4)."},
    {"format.iri", "An IRI has a scheme and the form of RFC 3987 (D 4.3)."},
    {"format.uri", "An openid is a URI of RFC 3986 (D 2.4.2.3)."},
    {"format.timestamp", "A timestamp is ISO 8601, in xAPI 2.0 RFC 3339 (D 4.5; L 4.2.7)."},
    {"format.duration", "A duration is ISO 8601:2004 4.4.3.2 (D 4.6)."},
    {"format.language-tag", "A language tag is well-formed by RFC 5646 (D 4.2)."},
    {"format.mailbox", "An mbox is mailto: and one address (D 2.4.2.3)."},
    {"format.sha1", "An mbox_sha1sum has 40 hexadecimal digits (D 2.4.2.3)."},
    {"format.sha2",
     "A sha2 has the hexadecimal digits of a SHA-2 hash, 64 for SHA-256 (D 2.4.11)."},
    {"format.media-type", "A contentType is a media type of RFC 2046 (D 2.4.11)."},
    {"format.length", "A length is a whole number of bytes, not negative (D 2.4.11)."},
});

// `id` itself, if it is in the table; does not compile if it is not.
consteval std::string_view rule(std::string_view id) {
  for (const RuleText& known : kRules) {
    if (known.id == id) return known.id;
  }
  std::abort();
}

}  // namespace waypost::statement
