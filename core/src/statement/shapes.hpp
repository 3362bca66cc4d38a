#pragma once

#include <array>

#include "statement/checks.hpp"
#include "statement/shape.hpp"
#include "waypost/statement/rule.hpp"

// The tables of xAPI-Data 1.0.3 section 2.4 and IEEE 9274.1.1 section 4.2.2.
namespace waypost::statement {

extern const Shape kStatement;
extern const Shape kVerb;
extern const Shape kObject;       // of a statement
extern const Shape kInnerObject;  // of a sub-statement
extern const Shape kActor;
extern const Shape kAuthority;
extern const Shape kAgent;
extern const Shape kGroup;
extern const Shape kActivity;
extern const Shape kStatementRef;
extern const Shape kAccount;
extern const Shape kDefinition;
extern const Shape kComponent;
extern const Shape kResult;
extern const Shape kScore;
extern const Shape kContext;
extern const Shape kContextActivities;
extern const Shape kContextAgent;
extern const Shape kContextGroup;
extern const Shape kAttachment;

// Section 2.4. The actor is asked for by check_statement, since it may be stamped later.
inline constexpr auto kStatementProperties = std::to_array<Property>({
    {.name = "id", .form = Form::Uuid, .outline = &Outline::id},
    {.name = "actor", .form = Form::Object, .shape = &kActor, .outline = &Outline::actor},
    {.name = "verb",
     .form = Form::Object,
     .required_by = kind::kAny,
     .shape = &kVerb,
     .required_rule = rule("statement.verb-required")},
    {.name = "object",
     .form = Form::Object,
     .required_by = kind::kAny,
     .shape = &kObject,
     .required_rule = rule("statement.object-required")},
    {.name = "result", .form = Form::Object, .shape = &kResult},
    {.name = "context", .form = Form::Object, .shape = &kContext, .outline = &Outline::context},
    {.name = "timestamp", .form = Form::Timestamp, .outline = &Outline::timestamp},
    {.name = "stored", .form = Form::Timestamp, .outline = &Outline::stored},
    {.name = "authority",
     .form = Form::Object,
     .shape = &kAuthority,
     .outline = &Outline::authority},
    {.name = "version", .form = Form::StatementVersion, .outline = &Outline::version},
    {.name = "attachments", .form = Form::List, .shape = &kAttachment},
});

// Sections 2.4.2 and 2.4.4: Activity, Agent, Group, StatementRef and SubStatement in one. Those of
// a SubStatement come last, so that the table without them is the front of this one.
inline constexpr auto kThingProperties = std::to_array<Property>({
    {.name = "objectType", .form = Form::ObjectType},
    // An IRI or a UUID, by the kind: check_thing.
    {.name = "id",
     .form = Form::String,
     .kinds = kind::kActivity | kind::kStatementRef,
     .required_by = kind::kActivity | kind::kStatementRef,
     .required_rule = rule("object.id-required"),
     .outline = &Outline::object_id},
    {.name = "definition", .form = Form::Object, .kinds = kind::kActivity, .shape = &kDefinition},
    {.name = "name", .form = Form::String, .kinds = kind::kActor},
    {.name = "mbox", .form = Form::Mailbox, .kinds = kind::kActor},
    {.name = "mbox_sha1sum", .form = Form::Sha1, .kinds = kind::kActor},
    {.name = "openid", .form = Form::Uri, .kinds = kind::kActor},
    {.name = "account", .form = Form::Object, .kinds = kind::kActor, .shape = &kAccount},
    {.name = "member", .form = Form::List, .kinds = kind::kGroup, .shape = &kAgent},
    {.name = "actor",
     .form = Form::Object,
     .kinds = kind::kSubStatement,
     .required_by = kind::kSubStatement,
     .shape = &kActor,
     .required_rule = rule("statement.actor-required")},
    {.name = "verb",
     .form = Form::Object,
     .kinds = kind::kSubStatement,
     .required_by = kind::kSubStatement,
     .shape = &kVerb,
     .required_rule = rule("statement.verb-required")},
    {.name = "object",
     .form = Form::Object,
     .kinds = kind::kSubStatement,
     .required_by = kind::kSubStatement,
     .shape = &kInnerObject,
     .required_rule = rule("statement.object-required")},
    {.name = "result", .form = Form::Object, .kinds = kind::kSubStatement, .shape = &kResult},
    {.name = "context", .form = Form::Object, .kinds = kind::kSubStatement, .shape = &kContext},
    {.name = "timestamp", .form = Form::Timestamp, .kinds = kind::kSubStatement},
    {.name = "attachments",
     .form = Form::List,
     .kinds = kind::kSubStatement,
     .shape = &kAttachment},
    {.name = "stored", .form = Form::Forbidden, .kinds = kind::kSubStatement},
    {.name = "authority", .form = Form::Forbidden, .kinds = kind::kSubStatement},
    {.name = "version", .form = Form::Forbidden, .kinds = kind::kSubStatement},
});

static_assert(std::size(kThingProperties) <= kPropertiesMax);

inline constexpr auto kSimpleThingProperties = std::span(kThingProperties).first(9);

// Section 2.4.2.4.
inline constexpr auto kAccountProperties = std::to_array<Property>({
    {.name = "homePage",
     .form = Form::Iri,
     .required_by = kind::kAny,
     .required_rule = rule("account.home-page-required")},
    {.name = "name",
     .form = Form::String,
     .required_by = kind::kAny,
     .required_rule = rule("account.name-required")},
});

// Section 2.4.3.
inline constexpr auto kVerbProperties = std::to_array<Property>({
    {.name = "id",
     .form = Form::Iri,
     .required_by = kind::kAny,
     .required_rule = rule("verb.id-required"),
     .outline = &Outline::verb_id},
    {.name = "display", .form = Form::LanguageMap},
});

// Section 2.4.4.1.
inline constexpr auto kDefinitionProperties = std::to_array<Property>({
    {.name = "name", .form = Form::LanguageMap},
    {.name = "description", .form = Form::LanguageMap},
    {.name = "type", .form = Form::Iri},
    {.name = "moreInfo", .form = Form::Iri},
    {.name = "extensions", .form = Form::Extensions},
    {.name = "interactionType", .form = Form::String},  // check_definition
    {.name = "correctResponsesPattern", .form = Form::StringList},
    {.name = "choices", .form = Form::ComponentList, .shape = &kComponent},
    {.name = "scale", .form = Form::ComponentList, .shape = &kComponent},
    {.name = "source", .form = Form::ComponentList, .shape = &kComponent},
    {.name = "target", .form = Form::ComponentList, .shape = &kComponent},
    {.name = "steps", .form = Form::ComponentList, .shape = &kComponent},
});

inline constexpr auto kComponentProperties = std::to_array<Property>({
    {.name = "id",
     .form = Form::String,
     .required_by = kind::kAny,
     .required_rule = rule("component.id-required")},
    {.name = "description", .form = Form::LanguageMap},
});

// Section 2.4.5.
inline constexpr auto kResultProperties = std::to_array<Property>({
    {.name = "score", .form = Form::Object, .shape = &kScore},
    {.name = "success", .form = Form::Boolean},
    {.name = "completion", .form = Form::Boolean},
    {.name = "response", .form = Form::String},
    {.name = "duration", .form = Form::Duration},
    {.name = "extensions", .form = Form::Extensions},
});

inline constexpr auto kScoreProperties = std::to_array<Property>({
    {.name = "scaled", .form = Form::Number},
    {.name = "raw", .form = Form::Number},
    {.name = "min", .form = Form::Number},
    {.name = "max", .form = Form::Number},
});

// Section 2.4.6.
inline constexpr auto kContextProperties = std::to_array<Property>({
    {.name = "registration", .form = Form::Uuid, .outline = &Outline::registration},
    {.name = "instructor", .form = Form::Object, .shape = &kActor},
    {.name = "team", .form = Form::Object, .shape = &kGroup},
    {.name = "contextActivities", .form = Form::Object, .shape = &kContextActivities},
    {.name = "contextAgents", .form = Form::List, .only_in_2_0 = true, .shape = &kContextAgent},
    {.name = "contextGroups", .form = Form::List, .only_in_2_0 = true, .shape = &kContextGroup},
    {.name = "revision", .form = Form::String},
    {.name = "platform", .form = Form::String},
    {.name = "language", .form = Form::LanguageTag},
    {.name = "statement", .form = Form::Object, .shape = &kStatementRef},
    {.name = "extensions", .form = Form::Extensions, .outline = &Outline::context_extensions},
});

// Section 2.4.6.2. An LRS takes a single Activity and makes it an array.
inline constexpr auto kContextActivitiesProperties = std::to_array<Property>({
    {.name = "parent", .form = Form::ObjectOrList, .shape = &kActivity},
    {.name = "grouping", .form = Form::ObjectOrList, .shape = &kActivity},
    {.name = "category", .form = Form::ObjectOrList, .shape = &kActivity},
    {.name = "other", .form = Form::ObjectOrList, .shape = &kActivity},
});

// IEEE 9274.1.1 section 4.2.2.5.
inline constexpr auto kContextAgentProperties = std::to_array<Property>({
    {.name = "objectType", .form = Form::ObjectType},
    {.name = "agent",
     .form = Form::Object,
     .required_by = kind::kAny,
     .shape = &kAgent,
     .required_rule = rule("context.agent-required")},
    {.name = "relevantTypes", .form = Form::IriList},
});

inline constexpr auto kContextGroupProperties = std::to_array<Property>({
    {.name = "objectType", .form = Form::ObjectType},
    {.name = "group",
     .form = Form::Object,
     .required_by = kind::kAny,
     .shape = &kGroup,
     .required_rule = rule("context.group-required")},
    {.name = "relevantTypes", .form = Form::IriList},
});

// Section 2.4.11.
inline constexpr auto kAttachmentProperties = std::to_array<Property>({
    {.name = "usageType",
     .form = Form::Iri,
     .required_by = kind::kAny,
     .required_rule = rule("attachment.usage-type-required")},
    {.name = "display",
     .form = Form::LanguageMap,
     .required_by = kind::kAny,
     .required_rule = rule("attachment.display-required")},
    {.name = "description", .form = Form::LanguageMap},
    {.name = "contentType",
     .form = Form::MediaType,
     .required_by = kind::kAny,
     .required_rule = rule("attachment.content-type-required")},
    {.name = "length",
     .form = Form::Number,
     .required_by = kind::kAny,
     .required_rule = rule("attachment.length-required")},
    {.name = "sha2",
     .form = Form::Sha2,
     .required_by = kind::kAny,
     .required_rule = rule("attachment.sha2-required")},
    {.name = "fileUrl", .form = Form::Iri},
});

}  // namespace waypost::statement
