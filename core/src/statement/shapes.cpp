#include "statement/shapes.hpp"

namespace waypost::statement {

constinit const Shape kStatement{
    .title = "a statement", .properties = kStatementProperties, .check = check_statement};

constinit const Shape kObject{
    .title = "an object",
    .properties = kThingProperties,
    .kinds = kind::kActivity | kind::kActor | kind::kStatementRef | kind::kSubStatement,
    .default_kind = kind::kActivity,
    .check = check_thing};

constinit const Shape kInnerObject{.title = "the object of a SubStatement",
                                   .properties = kSimpleThingProperties,
                                   .kinds = kind::kActivity | kind::kActor | kind::kStatementRef,
                                   .default_kind = kind::kActivity,
                                   .check = check_thing};

constinit const Shape kActivity{.title = "an Activity",
                                .properties = kSimpleThingProperties,
                                .kinds = kind::kActivity,
                                .default_kind = kind::kActivity,
                                .check = check_thing};

constinit const Shape kStatementRef{.title = "a StatementRef",
                                    .properties = kSimpleThingProperties,
                                    .kinds = kind::kStatementRef,
                                    .default_kind = kind::kNone,
                                    .check = check_thing};

constinit const Shape kActor{.title = "an Agent or Group",
                             .properties = kSimpleThingProperties,
                             .kinds = kind::kActor,
                             .default_kind = kind::kAgent,
                             .check = check_thing};

constinit const Shape kAuthority{.title = "an authority",
                                 .properties = kSimpleThingProperties,
                                 .kinds = kind::kActor,
                                 .default_kind = kind::kAgent,
                                 .check = check_authority};

constinit const Shape kAgent{.title = "an Agent",
                             .properties = kSimpleThingProperties,
                             .kinds = kind::kAgent,
                             .default_kind = kind::kAgent,
                             .check = check_thing};

constinit const Shape kGroup{.title = "a Group",
                             .properties = kSimpleThingProperties,
                             .kinds = kind::kGroup,
                             .default_kind = kind::kNone,
                             .check = check_thing};

constinit const Shape kAccount{.title = "an account", .properties = kAccountProperties};

constinit const Shape kVerb{.title = "a verb", .properties = kVerbProperties, .check = check_verb};

constinit const Shape kDefinition{.title = "an activity definition",
                                  .properties = kDefinitionProperties,
                                  .check = check_definition};

constinit const Shape kComponent{.title = "an interaction component",
                                 .properties = kComponentProperties,
                                 .check = check_component};

constinit const Shape kResult{.title = "a result", .properties = kResultProperties};

constinit const Shape kScore{
    .title = "a score", .properties = kScoreProperties, .check = check_score};

constinit const Shape kContext{.title = "a context", .properties = kContextProperties};

constinit const Shape kContextActivities{.title = "contextActivities",
                                         .properties = kContextActivitiesProperties};

constinit const Shape kContextAgent{.title = "an element of contextAgents",
                                    .properties = kContextAgentProperties,
                                    .kinds = kind::kContextAgent,
                                    .default_kind = kind::kNone};

constinit const Shape kContextGroup{.title = "an element of contextGroups",
                                    .properties = kContextGroupProperties,
                                    .kinds = kind::kContextGroup,
                                    .default_kind = kind::kNone};

constinit const Shape kAttachment{
    .title = "an attachment", .properties = kAttachmentProperties, .check = check_attachment};

}  // namespace waypost::statement
