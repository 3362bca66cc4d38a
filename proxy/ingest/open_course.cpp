#include "proxy/ingest/open_course.hpp"

#include "waypost/json/reader.hpp"
#include "waypost/json/text.hpp"

namespace waypost::relay {
namespace {

constexpr std::string_view kAnonymous = "anonymous";
constexpr std::string_view kMailto = "mailto:";

// The members of an actor, as they stand for themselves.
struct Actor {
  std::string object_type;
  std::string name;
  bool named = false;
  std::string home_page;
  std::string account_name;
  std::string mbox;
  std::string sha1sum;
  std::string openid;
};

// Where a member of the actor, or of its account, is kept.
std::string* place(Actor& actor, std::string_view key, bool in_account) {
  if (in_account) {
    if (key == "homePage") return &actor.home_page;
    return key == "name" ? &actor.account_name : nullptr;
  }
  if (key == "objectType") return &actor.object_type;
  if (key == "name") return &actor.name;
  if (key == "mbox") return &actor.mbox;
  if (key == "mbox_sha1sum") return &actor.sha1sum;
  return key == "openid" ? &actor.openid : nullptr;
}

// The text is known to be a valid actor.
Actor read_actor(std::string_view text) {
  Actor actor;
  json::Reader reader(text, json::DuplicateKeys::KnownAbsent);
  std::string* at = nullptr;
  std::string key_scratch;
  std::string value_scratch;
  bool in_account = false;
  reader.next();
  for (json::Token token = reader.next();
       token.kind != json::TokenKind::End && token.kind != json::TokenKind::Error;
       token = reader.next()) {
    if (token.kind == json::TokenKind::Key) {
      const std::string_view key = reader.decoded(token, key_scratch);
      at = place(actor, key, in_account);
      if (!in_account && key == "name") actor.named = true;
      if (!in_account && key == "account") in_account = true;
    } else if (token.kind == json::TokenKind::String && at != nullptr) {
      *at = reader.decoded(token, value_scratch);
    } else if (token.kind == json::TokenKind::ArrayBegin) {
      reader.skip(token);  // the members of a group
    } else if (token.kind == json::TokenKind::ObjectEnd) {
      in_account = false;
    }
  }
  return actor;
}

std::string declared_name(const Actor& actor) {
  if (!actor.account_name.empty()) return actor.account_name;
  if (!actor.mbox.empty()) {
    const bool prefixed = actor.mbox.rfind(kMailto, 0) == 0;
    return actor.mbox.substr(prefixed ? kMailto.size() : 0);
  }
  if (!actor.sha1sum.empty()) return actor.sha1sum;
  return actor.openid.empty() ? std::string(kAnonymous) : actor.openid;
}

}  // namespace

SelfDeclared self_declared(std::string_view text, std::string_view home_page) {
  SelfDeclared result;
  const Actor actor = text.empty() ? Actor() : read_actor(text);
  if (actor.object_type == "Group") {
    result.violation = statement::Violation{
        "/actor", "actor.group-not-allowed",
        "A page of an open course reports for one learner: give an Agent as actor, or none."};
    return result;
  }
  result.name = declared_name(actor);
  if (actor.home_page == home_page) return result;
  std::string& stamped = result.actor.emplace(R"({"objectType":"Agent",)");
  if (actor.named) {
    stamped += R"("name":)";
    json::append_string(stamped, actor.name);
    stamped += ',';
  }
  stamped += R"("account":{"homePage":)";
  json::append_string(stamped, home_page);
  stamped += R"(,"name":)";
  json::append_string(stamped, result.name);
  stamped += "}}";
  return result;
}

}  // namespace waypost::relay
