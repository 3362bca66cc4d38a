#include <algorithm>
#include <fstream>
#include <set>
#include <sstream>
#include <string>
#include <vector>

#include <boost/test/unit_test.hpp>

#include "example_statement.hpp"
#include "waypost/limits.hpp"
#include "waypost/statement/rule.hpp"

namespace statement = waypost::statement;
namespace tests = waypost::tests;

namespace {

// One change to the example statement, and the violations it must bring: "/path rule", or none.
struct Case {
  std::string patch;
  std::vector<std::string> broken;
  statement::Rules rules{};
};

const statement::Rules kV2{.version = statement::Version::V2_0_0};
const statement::Rules kUnstamped{.unstamped = true};
const statement::Rules kJsonOnly{.json_only = true};

const std::string kAttachment =
    R"("usageType": "https://example.org/usage", "display": {"en": "file"}, "length": 3,
       "contentType": "text/plain",
       "sha2": "495395e777cd98da653df9615d09c0fd6bb2f8d4788394cd53c56a3bfdcd848a")";

const std::string kSignature =
    R"("usageType": "http://adlnet.gov/expapi/attachments/signature", "display": {"en": "sig"},
       "length": 3, "sha2": "495395e777cd98da653df9615d09c0fd6bb2f8d4788394cd53c56a3bfdcd848a")";

std::string attachment(const std::string& members) {
  return R"({"attachments": [{)" + members + "}]}";
}

// The object of the example becomes this one; the context, which is only for Activities, goes.
std::string object(const std::string& json) {
  return R"({"context": null, "object": {"objectType": null, "id": null, "definition": null}})" +
         std::string("\n") + R"({"object": )" + json + "}";
}

std::string substatement(const std::string& members) {
  return object(R"({"objectType": "SubStatement", "actor": {"mbox": "mailto:a@b.org"},
                    "verb": {"id": "https://example.org/verb"}, "object": {"id": "act:x"}, )" +
                members + "}");
}

std::string actor(const std::string& members) {
  return R"({"actor": {"mbox": null, "objectType": null}})" + std::string("\n") + R"({"actor": {)" +
         members + "}}";
}

const char* kMember = R"("member": [{"mbox": "mailto:a@b.org"}, {"mbox": "mailto:c@d.org"}])";

std::vector<Case> statement_cases() {
  return {
      {"{}", {}},
      {R"({"id": null, "context": null, "result": null, "timestamp": null})", {}},
      {R"({"actor": null})", {" statement.actor-required"}},
      {R"({"actor": null})", {}, kUnstamped},
      {R"({"verb": null})", {" statement.verb-required"}},
      {R"({"object": null})", {" statement.object-required"}},
      {R"({"foo": 1})", {"/foo statement.unknown-property"}},
      {R"({"Actor": {}})", {"/Actor statement.unknown-property"}},
      {R"({"result": {"a/b~": {"c": [1]}}})", {"/result/a~1b~0 statement.unknown-property"}},
      {R"({"id": 5})", {"/id statement.wrong-type"}},
      {R"({"actor": "Jo"})", {"/actor statement.wrong-type"}},
      {R"({"attachments": {}})", {"/attachments statement.wrong-type"}},
      {R"({"attachments": ["x"]})", {"/attachments/0 statement.wrong-type"}},
      {R"({"attachments": []})", {}},
      {R"({"stored": "2026-11-23T08:00:00Z"})", {}},
      {R"({"stored": "now"})", {"/stored format.timestamp"}},
      {R"({"version": "1.1.0"})", {"/version statement.version"}},
      {R"({"version": 1})", {"/version statement.wrong-type"}},
      {R"({"verb": {"id": null}})", {"/verb verb.id-required"}},
      {R"({"verb": {"id": "answered"}})", {"/verb/id format.iri"}},
      {R"({"verb": {"display": {}}})", {}},
      {R"({"verb": {"display": {"english!": "a"}}})",
       {"/verb/display/english! format.language-tag"}},
      {R"({"verb": {"display": {"en": 1}}})", {"/verb/display/en statement.wrong-type"}},
      {R"({"verb": {"display": {"en": {"a": 1}}}})", {"/verb/display/en statement.wrong-type"}},
      {R"({"verb": {"id": "http://adlnet.gov/expapi/verbs/voided"}})",
       {"/object statement.voiding-target"}},
      {R"({"authority": {"mbox": "mailto:a@b.org"}})", {}},
      {R"({"authority": {"objectType": "Group", )" + std::string(kMember) + "}}", {}},
      {R"({"authority": {"objectType": "Group", "mbox": "mailto:a@b.org", )" +
           std::string(kMember) + "}}",
       {"/authority statement.authority"}},
      {R"({"authority": {"objectType": "Group", "member": [{"mbox": "mailto:a@b.org"}]}})",
       {"/authority statement.authority"}},
      {R"({"authority": {"name": "x"}})", {"/authority actor.one-identifier"}},
  };
}

std::vector<Case> actor_cases() {
  return {
      {actor(R"("name": "Jo")"), {"/actor actor.one-identifier"}},
      {actor(R"("mbox": "mailto:a@b.org", "openid": "https://a.org")"),
       {"/actor actor.one-identifier"}},
      {actor(R"("objectType": "Group")"), {"/actor actor.member-required"}},
      {actor(R"("objectType": "Group", "member": [])"), {"/actor actor.member-required"}},
      {actor(R"("objectType": "Group", "member": {})"), {"/actor/member statement.wrong-type"}},
      {actor(R"("objectType": "Group", "openid": "https://a.org", "member": [])"), {}},
      {actor(R"("objectType": "Group", "openid": "https://a.org")"), {}},
      {actor(R"("objectType": "Group", "openid": "https://a.org", "mbox": "mailto:a@b.org")"),
       {"/actor actor.one-identifier"}},
      {actor(R"("objectType": "Group", "member": [{"objectType": "Group", "member": []}])"),
       {"/actor/member/0/member statement.unknown-property",
        "/actor/member/0/objectType actor.object-type"}},
      {actor(R"("objectType": "agent", "mbox": "mailto:a@b.org")"),
       {"/actor/objectType actor.object-type"}},
      {actor(R"("objectType": "Activity", "mbox": "mailto:a@b.org")"),
       {"/actor/objectType actor.object-type"}},
      {actor(R"("objectType": 5, "mbox": "mailto:a@b.org")"),
       {"/actor/objectType statement.wrong-type"}},
      {actor(R"("mbox": "mailto:a@b.org", "id": "act:x")"),
       {"/actor/id statement.unknown-property"}},
      {actor(R"("mbox": "mailto:a@b.org", )" + std::string(kMember)),
       {"/actor/member statement.unknown-property"}},
      {actor(R"("account": {"homePage": "https://a.org", "name": ""})"), {}},
      {actor(R"("account": {"homePage": "https://a.org"})"),
       {"/actor/account account.name-required"}},
      {actor(R"("account": {"name": "jo"})"), {"/actor/account account.home-page-required"}},
      {actor(R"("account": {"homePage": "https://a.org", "name": "jo", "id": 1})"),
       {"/actor/account/id statement.unknown-property"}},
  };
}

std::vector<Case> object_cases() {
  return {
      {R"({"object": {"objectType": null}})", {}},
      {R"({"object": {"id": null}})", {"/object object.id-required"}},
      {R"({"object": {"id": "quiz"}})", {"/object/id format.iri"}},
      {R"({"object": {"objectType": "activity"}})", {"/object/objectType object.object-type"}},
      {R"({"object": {"name": "x"}})", {"/object/name statement.unknown-property"}},
      {R"({"object": {"definition": {"interactionType": null}}})",
       {"/object/definition interaction.type-required"}},
      {R"({"object": {"definition": {"interactionType": "quiz"}}})",
       {"/object/definition/interactionType interaction.type"}},
      {R"({"object": {"definition": {"interactionType": "likert"}}})",
       {"/object/definition/choices interaction.component-list"}},
      {R"({"object": {"definition": {"steps": []}}})",
       {"/object/definition/steps interaction.component-list"}},
      {R"({"object": {"definition": {"choices": [{"id": "a"}, {"id": "b"}, {"id": "a"}]}}})",
       {"/object/definition/choices/2/id component.id-unique"}},
      {R"({"object": {"definition": {"choices": [{"description": {}}]}}})",
       {"/object/definition/choices/0 component.id-required"}},
      {R"({"object": {"definition": {"choices": [{"id": ""}]}}})",
       {"/object/definition/choices/0/id component.id-required"}},
      {R"({"object": {"definition": {"correctResponsesPattern": [1]}}})",
       {"/object/definition/correctResponsesPattern/0 statement.wrong-type"}},
      {R"({"object": {"definition": {"extensions": {"a": 1}}}})",
       {"/object/definition/extensions/a format.iri"}},
      {R"({"object": {"definition": {"extensions": {}, "moreInfo": "x"}}})",
       {"/object/definition/moreInfo format.iri"}},
      {object(R"({"objectType": "Agent", "mbox": "mailto:a@b.org"})"), {}},
      {object(R"({"mbox": "mailto:a@b.org"})"), {"/object object.object-type-required"}},
      {object("{" + std::string(kMember) + "}"), {"/object object.object-type-required"}},
      {object(R"({"actor": {"mbox": "mailto:a@b.org"}, "verb": {"id": "act:v"},
                  "object": {"id": "act:x"}})"),
       {"/object object.object-type-required"}},
      {object(R"({"objectType": "Group", )" + std::string(kMember) + "}"), {}},
      {object(R"({"objectType": "StatementRef", "id": "6b2e0c5e-0f2b-4c58-9d6c-0c8a1c5d1f01"})"),
       {}},
      {object(R"({"objectType": "StatementRef", "id": "act:x"})"), {"/object/id format.uuid"}},
      {object(R"({"objectType": "StatementRef"})"), {"/object object.id-required"}},
      {object(R"({"objectType": "StatementRef", "id": "6b2e0c5e-0f2b-4c58-9d6c-0c8a1c5d1f01",
                  "definition": {}})"),
       {"/object/definition statement.unknown-property"}},
  };
}

std::vector<Case> substatement_cases() {
  return {
      {substatement(R"("timestamp": "2099-01-01T00:00:00Z")"), {}},
      {substatement(R"("id": "6b2e0c5e-0f2b-4c58-9d6c-0c8a1c5d1f01")"),
       {"/object/id substatement.forbidden-property"}},
      {substatement(R"("stored": "2026-11-23T08:00:00Z")"),
       {"/object/stored substatement.forbidden-property"}},
      {substatement(R"("version": "1.0.0")"), {"/object/version substatement.forbidden-property"}},
      {substatement(R"("authority": {"mbox": "mailto:a@b.org"})"),
       {"/object/authority substatement.forbidden-property"}},
      {substatement(R"("mbox": "mailto:a@b.org")"), {"/object/mbox statement.unknown-property"}},
      {substatement(R"("object": {"objectType": "SubStatement"})"),
       {"/object/object/objectType substatement.nested"}},
      {substatement(R"("verb": {"id": "http://adlnet.gov/expapi/verbs/voided"})"),
       {"/object/object statement.voiding-target"}},
      {substatement(R"("context": {"platform": "web", "revision": "1"},
                       "object": {"objectType": "Agent", "mbox": "mailto:a@b.org"})"),
       {"/object/context/revision context.activity-only",
        "/object/context/platform context.activity-only"}},
      {object(R"({"objectType": "SubStatement"})"),
       {"/object statement.actor-required", "/object statement.verb-required",
        "/object statement.object-required"}},
  };
}

std::vector<Case> result_cases() {
  return {
      {R"({"result": {"score": {"scaled": 1}}})", {}},
      {R"({"result": {"score": {"scaled": -1.0}}})", {}},
      {R"({"result": {"score": {"scaled": 1.01}}})", {"/result/score/scaled score.scaled-range"}},
      {R"({"result": {"score": {"scaled": -1.00001}}})",
       {"/result/score/scaled score.scaled-range"}},
      {R"({"result": {"score": {"raw": 11}}})", {"/result/score/raw score.raw-range"}},
      {R"({"result": {"score": {"raw": -1}}})", {"/result/score/raw score.raw-range"}},
      {R"({"result": {"score": {"raw": 10}}})", {}},
      {R"({"result": {"score": {"raw": 0}}})", {}},
      {R"({"result": {"score": {"min": 10}}})",
       {"/result/score/min score.min-max", "/result/score/raw score.raw-range"}},
      {R"({"result": {"score": {"min": null, "max": null, "raw": 1e300}}})", {}},
      {R"({"result": {"score": {"scaled": "1"}}})", {"/result/score/scaled statement.wrong-type"}},
      {R"({"result": {"success": "true"}})", {"/result/success statement.wrong-type"}},
      {R"({"result": {"completion": 1}})", {"/result/completion statement.wrong-type"}},
      {R"({"result": {"duration": "1 hour"}})", {"/result/duration format.duration"}},
      {R"({"result": {"extensions": {"https://a.org/x": {"y": [null]}}}})", {}},
  };
}

std::vector<Case> context_cases() {
  const std::string agents = R"({"context": {"contextAgents": [)";
  const std::string groups = R"({"context": {"contextGroups": [)";
  return {
      {R"({"context": {"registration": "x"}})", {"/context/registration format.uuid"}},
      {R"({"context": {"team": {"mbox": "mailto:a@b.org"}}})",
       {"/context/team object.object-type-required"}},
      {R"({"context": {"team": {"objectType": "Agent", "mbox": "mailto:a@b.org"}}})",
       {"/context/team/objectType actor.object-type"}},
      {R"({"context": {"instructor": {"objectType": "Group", "mbox": "mailto:a@b.org"}}})", {}},
      {R"({"context": {"statement": {"id": "6b2e0c5e-0f2b-4c58-9d6c-0c8a1c5d1f01"}}})",
       {"/context/statement object.object-type-required"}},
      {R"({"context": {"statement": {"objectType": "Activity", "id": "act:x"}}})",
       {"/context/statement/objectType object.object-type"}},
      {R"({"context": {"contextActivities": {"parent": {"id": "act:x"}, "other": []}}})", {}},
      {R"({"context": {"contextActivities": {"sibling": []}}})",
       {"/context/contextActivities/sibling statement.unknown-property"}},
      {R"({"context": {"contextActivities": {"parent": [{"id": "act:x"}, {"id": "x"}]}}})",
       {"/context/contextActivities/parent/1/id format.iri"}},
      {R"({"context": {"contextActivities": {"parent": "act:x"}}})",
       {"/context/contextActivities/parent statement.wrong-type"}},
      {R"({"context": {"contextActivities": {"parent": {"objectType": "Agent", "id": "act:x"}}}})",
       {"/context/contextActivities/parent/objectType object.object-type"}},
      {agents + "]}}", {"/context/contextAgents statement.unknown-property"}},
      {agents + "]}}", {}, kV2},
      {agents + R"({"objectType": "contextAgent", "agent": {"mbox": "mailto:a@b.org"},
                    "relevantTypes": ["act:x"]}]}})",
       {},
       kV2},
      {agents + R"({"agent": {"mbox": "mailto:a@b.org"}}]}})",
       {"/context/contextAgents/0 object.object-type-required"},
       kV2},
      {agents + R"({"objectType": "contextAgent"}]}})",
       {"/context/contextAgents/0 context.agent-required"},
       kV2},
      {agents + R"({"objectType": "contextAgent", "relevantTypes": [],
                    "agent": {"objectType": "Group", "mbox": "mailto:a@b.org"}}]}})",
       {"/context/contextAgents/0/agent/objectType actor.object-type",
        "/context/contextAgents/0/relevantTypes context.relevant-types-empty"},
       kV2},
      {groups + R"({"objectType": "contextGroup", "relevantTypes": ["x"],
                    "group": {"objectType": "Group", "mbox": "mailto:a@b.org"}}]}})",
       {"/context/contextGroups/0/relevantTypes/0 format.iri"},
       kV2},
      {groups + R"({"objectType": "contextGroup"}]}})",
       {"/context/contextGroups/0 context.group-required"},
       kV2},
      {groups + R"({"objectType": "contextAgent", "group": {"mbox": "mailto:a@b.org"}}]}})",
       {"/context/contextGroups/0/group object.object-type-required",
        "/context/contextGroups/0/objectType object.object-type"},
       kV2},
  };
}

std::vector<Case> attachment_cases() {
  return {
      {attachment(kAttachment), {}},
      {attachment(""),
       {"/attachments/0 attachment.usage-type-required",
        "/attachments/0 attachment.display-required",
        "/attachments/0 attachment.content-type-required",
        "/attachments/0 attachment.length-required", "/attachments/0 attachment.sha2-required"}},
      {attachment(kAttachment + R"(, "length": 3.0)"), {}},
      {attachment(kAttachment + R"(, "length": 0)"), {}},
      {attachment(kAttachment + R"(, "length": -1)"), {"/attachments/0/length format.length"}},
      {attachment(kAttachment + R"(, "length": 2.5)"), {"/attachments/0/length format.length"}},
      {attachment(kAttachment + R"(, "fileUrl": "x")"), {"/attachments/0/fileUrl format.iri"}},
      {attachment(kAttachment), {"/attachments/0 attachment.file-url-required"}, kJsonOnly},
      {attachment(kAttachment + R"(, "fileUrl": "https://a.org/f")"), {}, kJsonOnly},
      {attachment(kSignature + R"(, "contentType": "application/octet-stream")"), {}},
      {attachment(kSignature + R"(, "contentType": "application/octet-stream")"),
       {"/attachments/0 attachment.signature-bytes"},
       kJsonOnly},
      {attachment(kSignature + R"(, "contentType": "text/plain")"),
       {"/attachments/0/contentType attachment.signature-content-type"}},
  };
}

// Rules that statement_json_test.cpp and statement_list_test.cpp have cases for, and those formats
// that statement_formats_test.cpp alone has.
const std::set<std::string> kTestedElsewhere = {
    "json.syntax",         "json.invalid-utf8",    "json.byte-order-mark", "json.depth",
    "json.duplicate-key",  "json.lone-surrogate",  "json.number-range",    "json.null",
    "statement.too-large", "statement.not-object", "statement.none",       "statement.too-many",
    "format.uri",          "format.mailbox",       "format.sha1",          "format.sha2",
    "format.media-type"};

std::vector<Case> all_cases() {
  std::vector<Case> all;
  for (const auto& cases : {statement_cases(), actor_cases(), object_cases(), substatement_cases(),
                            result_cases(), context_cases(), attachment_cases()}) {
    all.insert(all.end(), cases.begin(), cases.end());
  }
  // Formats with a case in statement_formats_test.cpp for each string.
  all.push_back(
      {R"({"context": {"language": "english!"}})", {"/context/language format.language-tag"}});
  return all;
}

std::string patched_example(const std::string& patches) {
  auto example = tests::example_statement();
  std::istringstream stream(patches);
  while (stream >> std::ws && !stream.eof()) {
    nlohmann::json patch;
    stream >> patch;
    example.merge_patch(patch);
  }
  return example.dump();
}

}  // namespace

BOOST_AUTO_TEST_SUITE(statement_rules)

BOOST_AUTO_TEST_CASE(each_change_breaks_its_rules_and_no_other) {
  for (const auto& test_case : all_cases()) {
    const auto text = patched_example(test_case.patch);
    const auto broken = tests::broken_rules(text, test_case.rules);
    BOOST_TEST(broken == test_case.broken, boost::test_tools::per_element());
    if (broken != test_case.broken) BOOST_TEST_MESSAGE(text);
  }
}

BOOST_AUTO_TEST_CASE(every_rule_has_a_case) {
  std::set<std::string> tested = kTestedElsewhere;
  for (const auto& test_case : all_cases()) {
    for (const auto& broken : test_case.broken) tested.insert(broken.substr(broken.find(' ') + 1));
  }
  std::set<std::string> known;
  for (const auto& rule : statement::kRules) known.insert(std::string(rule.id));
  BOOST_TEST(known.size() == statement::kRules.size());
  BOOST_TEST(tested == known, boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(the_page_of_rules_shows_the_table_of_rules) {
  std::ifstream page(WAYPOST_TESTS_FOLDER "/../docs/statement_rules.md");
  std::vector<std::string> shown;
  for (std::string line; std::getline(page, line);) {
    if (line.starts_with("| `")) shown.push_back(line);
  }
  std::vector<std::string> wanted;
  for (const auto& rule : statement::kRules) {
    wanted.push_back("| `" + std::string(rule.id) + "` | " + std::string(rule.meaning) + " |");
  }
  BOOST_TEST(shown == wanted, boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(the_table_of_rules_names_the_limits) {
  const auto meaning = [](std::string_view id) {
    for (const auto& rule : statement::kRules) {
      if (rule.id == id) return std::string(rule.meaning);
    }
    return std::string();
  };
  const auto depth = std::to_string(waypost::limits::kJsonDepthMax);
  const auto bytes = std::to_string(waypost::limits::kStatementBytesMax);
  BOOST_TEST(meaning("json.depth").find(depth) != std::string::npos);
  BOOST_TEST(meaning("statement.too-large").find(bytes) != std::string::npos);
}

BOOST_AUTO_TEST_CASE(messages_tell_what_to_do) {
  const auto message = [](const std::string& patch) {
    const auto validation = statement::validate(tests::example_with(patch).dump(), {});
    return validation.violations.at(0).message;
  };
  BOOST_TEST(message(R"({"object": {"objecttype": "Activity"}})") ==
             "Did you mean objectType? \"objecttype\" is not a property of an object.");
  BOOST_TEST(message(R"({"timestamp": "yesterday"})") ==
             "timestamp must be a date and time such as 2026-11-23T08:00:00.000Z; \"yesterday\" is "
             "not.");
  BOOST_TEST(message(R"({"result": {"success": "true"}})") ==
             "success must be true or false, not a string.");
  BOOST_TEST(message(R"({"verb": {"display": "answered"}})") ==
             "display must be an object such as {\"en\": \"Text\"}, not a string.");
  BOOST_TEST(message(R"({"actor": {"email": "learner@example.org"}})") ==
             "\"email\" is not a property of an Agent or Group. Remove it, or put it into the "
             "extensions of the result or the context.");
  const std::string endless(10'000, 'x');
  BOOST_TEST(message(R"({"verb": {"id": ")" + endless + R"("}})").size() < 200U);
  BOOST_TEST(message(R"({"verb": {"id": "a\n\"\u0007b"}})").find("\"a???b\"") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(a_message_cuts_between_characters) {
  std::string id;
  while (id.size() < 100) id += "\xE6\x97\xA5";
  auto example = tests::example_statement();
  example["verb"]["id"] = id;
  const auto message = statement::validate(example.dump(), {}).violations.at(0).message;
  BOOST_TEST(nlohmann::json(message).dump().find("...") !=
             std::string::npos);  // throws if not UTF-8
}

BOOST_AUTO_TEST_SUITE_END()
