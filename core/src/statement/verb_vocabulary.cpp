#include "waypost/statement/verb_vocabulary.hpp"

#include <array>

namespace waypost::statement {
namespace {

constexpr std::array<Verb, 86> kVerbs{{
    // ADL.
    {"answered", "http://adlnet.gov/expapi/verbs/answered", "answered"},
    {"asked", "http://adlnet.gov/expapi/verbs/asked", "asked"},
    {"attempted", "http://adlnet.gov/expapi/verbs/attempted", "attempted"},
    {"attended", "http://adlnet.gov/expapi/verbs/attended", "attended"},
    {"commented", "http://adlnet.gov/expapi/verbs/commented", "commented"},
    {"completed", "http://adlnet.gov/expapi/verbs/completed", "completed"},
    {"exited", "http://adlnet.gov/expapi/verbs/exited", "exited"},
    {"experienced", "http://adlnet.gov/expapi/verbs/experienced", "experienced"},
    {"failed", "http://adlnet.gov/expapi/verbs/failed", "failed"},
    {"imported", "http://adlnet.gov/expapi/verbs/imported", "imported"},
    {"initialized", "http://adlnet.gov/expapi/verbs/initialized", "initialized"},
    {"interacted", "http://adlnet.gov/expapi/verbs/interacted", "interacted"},
    {"launched", "http://adlnet.gov/expapi/verbs/launched", "launched"},
    {"mastered", "http://adlnet.gov/expapi/verbs/mastered", "mastered"},
    {"passed", "http://adlnet.gov/expapi/verbs/passed", "passed"},
    {"preferred", "http://adlnet.gov/expapi/verbs/preferred", "preferred"},
    {"progressed", "http://adlnet.gov/expapi/verbs/progressed", "progressed"},
    {"registered", "http://adlnet.gov/expapi/verbs/registered", "registered"},
    {"responded", "http://adlnet.gov/expapi/verbs/responded", "responded"},
    {"resumed", "http://adlnet.gov/expapi/verbs/resumed", "resumed"},
    {"scored", "http://adlnet.gov/expapi/verbs/scored", "scored"},
    {"shared", "http://adlnet.gov/expapi/verbs/shared", "shared"},
    {"suspended", "http://adlnet.gov/expapi/verbs/suspended", "suspended"},
    {"terminated", "http://adlnet.gov/expapi/verbs/terminated", "terminated"},
    {"voided", "http://adlnet.gov/expapi/verbs/voided", "voided"},
    {"logged-in", "https://w3id.org/xapi/adl/verbs/logged-in", "logged in"},
    {"logged-out", "https://w3id.org/xapi/adl/verbs/logged-out", "logged out"},
    // cmi5.
    {"abandoned", "https://w3id.org/xapi/adl/verbs/abandoned", "abandoned"},
    {"satisfied", "https://w3id.org/xapi/adl/verbs/satisfied", "satisfied"},
    {"waived", "https://w3id.org/xapi/adl/verbs/waived", "waived"},
    // The video profile.
    {"paused", "https://w3id.org/xapi/video/verbs/paused", "paused"},
    {"played", "https://w3id.org/xapi/video/verbs/played", "played"},
    {"seeked", "https://w3id.org/xapi/video/verbs/seeked", "seeked"},
    // The registry of id.tincanapi.com.
    {"bookmarked", "http://id.tincanapi.com/verb/bookmarked", "bookmarked"},
    {"downloaded", "http://id.tincanapi.com/verb/downloaded", "downloaded"},
    {"earned", "http://id.tincanapi.com/verb/earned", "earned"},
    {"focused", "http://id.tincanapi.com/verb/focused", "focused"},
    {"mentioned", "http://id.tincanapi.com/verb/mentioned", "mentioned"},
    {"mentored", "http://id.tincanapi.com/verb/mentored", "mentored"},
    {"previewed", "http://id.tincanapi.com/verb/previewed", "previewed"},
    {"rated", "http://id.tincanapi.com/verb/rated", "rated"},
    {"replied", "http://id.tincanapi.com/verb/replied", "replied"},
    {"reviewed", "http://id.tincanapi.com/verb/reviewed", "reviewed"},
    {"selected", "http://id.tincanapi.com/verb/selected", "selected"},
    {"skipped", "http://id.tincanapi.com/verb/skipped", "skipped"},
    {"unfocused", "http://id.tincanapi.com/verb/unfocused", "unfocused"},
    {"unregistered", "http://id.tincanapi.com/verb/unregistered", "unregistered"},
    {"viewed", "http://id.tincanapi.com/verb/viewed", "viewed"},
    {"voted-down", "http://id.tincanapi.com/verb/voted-down", "voted down"},
    {"voted-up", "http://id.tincanapi.com/verb/voted-up", "voted up"},
    // Activity Streams 1.0.
    {"accepted", "http://activitystrea.ms/schema/1.0/accept", "accepted"},
    {"accessed", "http://activitystrea.ms/schema/1.0/access", "accessed"},
    {"added", "http://activitystrea.ms/schema/1.0/add", "added"},
    {"approved", "http://activitystrea.ms/schema/1.0/approve", "approved"},
    {"assigned", "http://activitystrea.ms/schema/1.0/assign", "assigned"},
    {"closed", "http://activitystrea.ms/schema/1.0/close", "closed"},
    {"confirmed", "http://activitystrea.ms/schema/1.0/confirm", "confirmed"},
    {"created", "http://activitystrea.ms/schema/1.0/create", "created"},
    {"deleted", "http://activitystrea.ms/schema/1.0/delete", "deleted"},
    {"disliked", "http://activitystrea.ms/schema/1.0/dislike", "disliked"},
    {"favorited", "http://activitystrea.ms/schema/1.0/favorite", "favorited"},
    {"followed", "http://activitystrea.ms/schema/1.0/follow", "followed"},
    {"invited", "http://activitystrea.ms/schema/1.0/invite", "invited"},
    {"joined", "http://activitystrea.ms/schema/1.0/join", "joined"},
    {"left", "http://activitystrea.ms/schema/1.0/leave", "left"},
    {"liked", "http://activitystrea.ms/schema/1.0/like", "liked"},
    {"listened", "http://activitystrea.ms/schema/1.0/listen", "listened"},
    {"opened", "http://activitystrea.ms/schema/1.0/open", "opened"},
    {"presented", "http://activitystrea.ms/schema/1.0/present", "presented"},
    {"read", "http://activitystrea.ms/schema/1.0/read", "read"},
    {"received", "http://activitystrea.ms/schema/1.0/receive", "received"},
    {"rejected", "http://activitystrea.ms/schema/1.0/reject", "rejected"},
    {"removed", "http://activitystrea.ms/schema/1.0/remove", "removed"},
    {"requested", "http://activitystrea.ms/schema/1.0/request", "requested"},
    {"saved", "http://activitystrea.ms/schema/1.0/save", "saved"},
    {"scheduled", "http://activitystrea.ms/schema/1.0/schedule", "scheduled"},
    {"searched", "http://activitystrea.ms/schema/1.0/search", "searched"},
    {"sent", "http://activitystrea.ms/schema/1.0/send", "sent"},
    {"started", "http://activitystrea.ms/schema/1.0/start", "started"},
    {"submitted", "http://activitystrea.ms/schema/1.0/submit", "submitted"},
    {"tagged", "http://activitystrea.ms/schema/1.0/tag", "tagged"},
    {"unliked", "http://activitystrea.ms/schema/1.0/unlike", "unliked"},
    {"updated", "http://activitystrea.ms/schema/1.0/update", "updated"},
    {"used", "http://activitystrea.ms/schema/1.0/use", "used"},
    {"watched", "http://activitystrea.ms/schema/1.0/watch", "watched"},
    // RISC.
    {"annotated", "http://risc-inc.com/annotator/verbs/annotated", "annotated"},
}};

constexpr std::array<ActivityType, 36> kActivityTypes{{
    // ADL.
    {"assessment", "http://adlnet.gov/expapi/activities/assessment"},
    {"cmi.interaction", "http://adlnet.gov/expapi/activities/cmi.interaction"},
    {"course", "http://adlnet.gov/expapi/activities/course"},
    {"file", "http://adlnet.gov/expapi/activities/file"},
    {"interaction", "http://adlnet.gov/expapi/activities/interaction"},
    {"lesson", "http://adlnet.gov/expapi/activities/lesson"},
    {"link", "http://adlnet.gov/expapi/activities/link"},
    {"media", "http://adlnet.gov/expapi/activities/media"},
    {"meeting", "http://adlnet.gov/expapi/activities/meeting"},
    {"module", "http://adlnet.gov/expapi/activities/module"},
    {"objective", "http://adlnet.gov/expapi/activities/objective"},
    {"performance", "http://adlnet.gov/expapi/activities/performance"},
    {"question", "http://adlnet.gov/expapi/activities/question"},
    {"simulation", "http://adlnet.gov/expapi/activities/simulation"},
    // The video and audio profiles.
    {"video", "https://w3id.org/xapi/video/activity-type/video"},
    {"audio", "https://w3id.org/xapi/audio/activity-type/audio"},
    // Activity Streams 1.0.
    {"article", "http://activitystrea.ms/schema/1.0/article"},
    {"badge", "http://activitystrea.ms/schema/1.0/badge"},
    {"event", "http://activitystrea.ms/schema/1.0/event"},
    {"game", "http://activitystrea.ms/schema/1.0/game"},
    {"image", "http://activitystrea.ms/schema/1.0/image"},
    {"page", "http://activitystrea.ms/schema/1.0/page"},
    // The registry of id.tincanapi.com.
    {"book", "http://id.tincanapi.com/activitytype/book"},
    {"chapter", "http://id.tincanapi.com/activitytype/chapter"},
    {"checklist", "http://id.tincanapi.com/activitytype/checklist"},
    {"discussion", "http://id.tincanapi.com/activitytype/discussion"},
    {"document", "http://id.tincanapi.com/activitytype/document"},
    {"essay", "http://id.tincanapi.com/activitytype/essay"},
    {"forum-topic", "http://id.tincanapi.com/activitytype/forum-topic"},
    {"project", "http://id.tincanapi.com/activitytype/project"},
    {"resource", "http://id.tincanapi.com/activitytype/resource"},
    {"scenario", "http://id.tincanapi.com/activitytype/scenario"},
    {"section", "http://id.tincanapi.com/activitytype/section"},
    {"slide", "http://id.tincanapi.com/activitytype/slide"},
    {"slide-deck", "http://id.tincanapi.com/activitytype/slide-deck"},
    {"webinar", "http://id.tincanapi.com/activitytype/webinar"},
}};

}  // namespace

std::span<const Verb> verbs() {
  return kVerbs;
}

std::span<const ActivityType> activity_types() {
  return kActivityTypes;
}

const Verb* find_verb(std::string_view word) {
  for (const Verb& verb : kVerbs) {
    if (verb.word == word) return &verb;
  }
  return nullptr;
}

const Verb* find_verb_by_id(std::string_view id) {
  for (const Verb& verb : kVerbs) {
    if (verb.id == id) return &verb;
  }
  return nullptr;
}

const ActivityType* find_activity_type(std::string_view word) {
  for (const ActivityType& type : kActivityTypes) {
    if (type.word == word) return &type;
  }
  return nullptr;
}

}  // namespace waypost::statement
