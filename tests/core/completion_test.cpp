#include "waypost/statement/completion.hpp"

#include <cstdint>
#include <fstream>
#include <iterator>
#include <sstream>
#include <string>
#include <string_view>
#include <vector>

#include <boost/test/unit_test.hpp>

#include "waypost/json/reader.hpp"
#include "waypost/json/text.hpp"
#include "waypost/limits.hpp"

namespace json = waypost::json;
using namespace waypost;
using namespace waypost::statement;

namespace {

constexpr std::string_view kId = "6b2e0c5e-0f2b-4c58-9d6c-0c8a1c5d1f02";
constexpr Instant kNow{1'795'420'800'000};  // 2026-11-23T08:00:00Z

Completion completed(std::string_view event, std::string_view defaults = {}, Instant now = kNow) {
  return complete(event, {defaults, *Uuid::parse(kId), now, {Version::V1_0_3, true, false}});
}

// The text without white space between its tokens.
std::string minified(std::string_view text) {
  std::string minified;
  json::Reader reader(text);
  for (auto token = reader.next(); token.kind != json::TokenKind::End; token = reader.next()) {
    BOOST_REQUIRE_MESSAGE(token.kind != json::TokenKind::Error, text);
    const bool closes =
        token.kind == json::TokenKind::ObjectEnd || token.kind == json::TokenKind::ArrayEnd;
    const char last = minified.empty() ? '{' : minified.back();
    if (!closes && last != '{' && last != '[' && last != ':') minified += ',';
    minified += reader.raw(token);
    if (token.kind == json::TokenKind::Key) minified += ':';
  }
  return minified;
}

std::string as_json(const std::vector<Violation>& violations) {
  std::string text = "[";
  for (const Violation& violation : violations) {
    if (text.size() > 1) text += ',';
    text += "{\"path\":" + json::as_string(violation.path) +
            ",\"rule\":" + json::as_string(violation.rule) +
            ",\"message\":" + json::as_string(violation.message) + "}";
  }
  return text + "]";
}

// The statement as far as the event decides it: without the id, the verb and the timestamp.
std::string inside(std::string_view event_members, std::string_view defaults = {}) {
  const std::string event = R"({"id":"6b2e0c5e-0f2b-4c58-9d6c-0c8a1c5d1f02","verb":{"id":"x:v"},)"
                            R"("timestamp":"2026-11-23T08:00:00.000Z",)" +
                            std::string(event_members) + "}";
  const Completion completion = completed(event, defaults);
  if (!completion.violations.empty()) return as_json(completion.violations);
  std::string statement = completion.statement;
  for (const std::string_view fixed :
       {R"("id":"6b2e0c5e-0f2b-4c58-9d6c-0c8a1c5d1f02",)", R"("verb":{"id":"x:v"},)",
        R"(,"timestamp":"2026-11-23T08:00:00.000Z")",
        R"("timestamp":"2026-11-23T08:00:00.000Z",)"}) {
    const auto at = statement.find(fixed);
    if (at != statement.npos) statement.erase(at, fixed.size());
  }
  return statement;
}

// "path rule" of the only violation.
std::string refusal(std::string_view event, std::string_view defaults = {}) {
  const Completion completion = completed(event, defaults);
  BOOST_TEST(completion.statement.empty());
  BOOST_TEST_INFO(event << " -> " << completion.statement << as_json(completion.violations));
  BOOST_REQUIRE(completion.violations.size() == 1U);
  return completion.violations[0].path + " " + std::string(completion.violations[0].rule);
}

std::string refusal_with(std::string_view member) {
  return refusal(R"({"verb":"completed","object":"x:o",)" + std::string(member) + "}");
}

std::string timestamp_at(std::int64_t ms) {
  const auto statement = completed(R"({"verb":"completed","object":"x:o"})", {}, {ms}).statement;
  const auto at = statement.find("\"timestamp\":\"");
  return statement.substr(at + 13, statement.find('"', at + 13) - at - 13);
}

struct Block {
  std::string kind;  // "event", "defaults", "statement", "refused"
  std::string text;
};

// The fenced blocks of docs/events.md that are marked "json" and a kind.
std::vector<Block> documented_blocks() {
  std::ifstream file(WAYPOST_TESTS_FOLDER "/../docs/events.md");
  BOOST_REQUIRE(file.good());
  std::vector<Block> blocks;
  bool in_block = false;
  for (std::string line; std::getline(file, line);) {
    if (line.starts_with("```json ")) {
      blocks.push_back({line.substr(8), ""});
      in_block = true;
    } else if (line == "```") {
      in_block = false;
    } else if (in_block) {
      blocks.back().text += line + "\n";
    }
  }
  return blocks;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(completion)

BOOST_AUTO_TEST_CASE(does_what_its_page_shows) {
  std::string defaults;
  std::string event;
  int examples = 0;
  for (const Block& block : documented_blocks()) {
    if (block.kind == "defaults") {
      defaults = block.text;
    } else if (block.kind == "event") {
      event = block.text;
    } else {
      ++examples;
      const Completion result = completed(event, defaults);
      BOOST_TEST_INFO(event);
      if (block.kind == "refused") {
        BOOST_TEST(as_json(result.violations) == minified(block.text));
      } else {
        BOOST_REQUIRE(block.kind == "statement");
        BOOST_TEST(as_json(result.violations) == "[]");
        BOOST_REQUIRE(!result.statement.empty());
        BOOST_TEST(minified(result.statement) == minified(block.text));
      }
      defaults.clear();
    }
  }
  BOOST_TEST(examples >= 11);
}

BOOST_AUTO_TEST_CASE(a_full_statement_keeps_its_bytes) {
  const std::string statement = R"(
    { "object" : {"id":"x:o",
      "definition": { "extensions":{"x:e" : [1.10, {}]} } } ,"verb":{ "id" :"x:v"},
      "result":{"score":{"raw":1E2}}, "id":"6B2E0C5E-0f2b-4c58-9d6c-0c8a1c5d1f01",
      "timestamp":"2026-11-23T08:00:00Z" }
    )";
  const auto result = completed(statement);
  BOOST_TEST(as_json(result.violations) == "[]");
  BOOST_TEST(result.statement == statement.substr(5, statement.size() - 10));
}

BOOST_AUTO_TEST_CASE(what_a_full_statement_lacks_is_added_in_front) {
  const auto result = completed(R"({ "verb":{"id":"x:v"},"object":{"id":"x:o"} })",
                                R"({"actor":{"mbox":"mailto:a@example.org"}})");
  BOOST_TEST(
      result.statement ==
      R"({"id":"6b2e0c5e-0f2b-4c58-9d6c-0c8a1c5d1f02",)"
      R"("actor":{"mbox":"mailto:a@example.org"},)"
      R"("timestamp":"2026-11-23T08:00:00.000Z", "verb":{"id":"x:v"},"object":{"id":"x:o"} })");
}

BOOST_AUTO_TEST_CASE(verbs_are_words_iris_or_objects) {
  const auto verb = [](std::string_view text) {
    const auto statement = completed(R"({"object":{"id":"x:o"},)"
                                     R"("verb":)" +
                                     std::string(text) + "}");
    BOOST_TEST(as_json(statement.violations) == "[]");
    const auto from = statement.statement.find("\"verb\":") + 7;
    return statement.statement.substr(from, statement.statement.find("}}", from) + 2 - from);
  };
  const std::string completed_verb =
      R"({"id":"http://adlnet.gov/expapi/verbs/completed","display":{"en":"completed"}})";
  BOOST_TEST(verb(R"("completed")") == completed_verb);
  BOOST_TEST(verb(R"("\u0063ompleted")") == completed_verb);
  BOOST_TEST(verb(R"("http://adlnet.gov/expapi/verbs/completed")") == completed_verb);
  BOOST_TEST(verb(R"("logged-in")") == R"({"id":"https://w3id.org/xapi/adl/verbs/logged-in",)"
                                       R"("display":{"en":"logged in"}})");
  BOOST_TEST(completed(R"({"verb":"x:other","object":"x:o"})")
                 .statement.find(R"("verb":{"id":"x:other"})") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(objects_in_short_become_activities) {
  BOOST_TEST(inside(R"("object":"x:o")") == R"({"object":{"id":"x:o"}})");
  BOOST_TEST(inside(R"("object":{"id":"x:o","name":"N"})") ==
             R"({"object":{"id":"x:o","definition":{"name":{"und":"N"}}}})");
  BOOST_TEST(inside(R"("object":{"type":"x:t","id":"x:o","objectType":"Activity"})") ==
             R"({"object":{"id":"x:o","objectType":"Activity","definition":{"type":"x:t"}}})");
  BOOST_TEST(inside(R"("object":{"id":"x:o","type":"video","definition":{"name":{"en":"N"}}})") ==
             R"({"object":{"id":"x:o",)"
             R"("definition":{"type":"https://w3id.org/xapi/video/activity-type/video",)"
             R"("name":{"en":"N"}}}})");
  BOOST_TEST(
      inside(R"("object":{"objectType":"Agent","name":"N","mbox":"mailto:a@example.org"})") ==
      R"({"object":{"objectType":"Agent","name":"N","mbox":"mailto:a@example.org"}})");
}

BOOST_AUTO_TEST_CASE(durations_are_cut_on_their_text) {
  const auto duration = [](std::string_view number) {
    const auto text = inside(R"("object":"x:o","duration":)" + std::string(number));
    const auto from = text.find("\"PT");
    return from == text.npos ? text : text.substr(from + 1, text.rfind('"') - from - 1);
  };
  BOOST_TEST(duration("12.5") == "PT12.5S");
  BOOST_TEST(duration("12") == "PT12S");
  BOOST_TEST(duration("0") == "PT0S");
  BOOST_TEST(duration("100") == "PT100S");
  BOOST_TEST(duration("12.00") == "PT12S");
  BOOST_TEST(duration("12.509") == "PT12.5S");
  BOOST_TEST(duration("12.999999999999999999") == "PT12.99S");
  BOOST_TEST(duration("0.001") == "PT0S");
  BOOST_TEST(duration("5e-7") == "PT0S");
  BOOST_TEST(duration("-0") == "PT0S");
  BOOST_TEST(duration("90071992547409931234") == "PT90071992547409931234S");
  BOOST_TEST(duration(R"("PT1H")") == "PT1H");
  for (const auto* wrong : {"-1", "1e3", "true", "null", "[1]", "{\"s\":1}"}) {
    BOOST_TEST(refusal_with("\"duration\":" + std::string(wrong)) == "/duration event.duration");
  }
}

BOOST_AUTO_TEST_CASE(scores_are_scaled_or_objects) {
  BOOST_TEST(inside(R"("object":"x:o","score":-1.000)") ==
             R"({"object":{"id":"x:o"},"result":{"score":{"scaled":-1.000}}})");
  BOOST_TEST(inside(R"("object":"x:o","score":5e-1)") ==
             R"({"object":{"id":"x:o"},"result":{"score":{"scaled":5e-1}}})");
  for (const auto* wrong :
       {"1.0000000000000000001", "-1.01", "85", "\"0.5\"", "null", "true", "[1]"}) {
    BOOST_TEST(refusal_with("\"score\":" + std::string(wrong)) == "/score event.score");
  }
}

BOOST_AUTO_TEST_CASE(responses_are_strings_in_the_end) {
  const auto response = [](std::string_view text) {
    return inside(R"("object":"x:o","response":)" + std::string(text));
  };
  const auto result = [](std::string_view text) {
    return R"({"object":{"id":"x:o"},"result":{"response":)" + std::string(text) + "}}";
  };
  BOOST_TEST(response(R"("a\u0062")") == result(R"("a\u0062")"));
  BOOST_TEST(response("1.10") == result(R"("1.10")"));
  BOOST_TEST(response("false") == result(R"("false")"));
  for (const auto* wrong : {"1e3", "null", "[\"a\"]", "{\"a\":1}"}) {
    BOOST_TEST(refusal_with("\"response\":" + std::string(wrong)) == "/response event.response");
  }
}

BOOST_AUTO_TEST_CASE(short_forms_join_the_result) {
  BOOST_TEST(inside(R"("object":"x:o","success":true,"result":{"completion":true})") ==
             R"({"object":{"id":"x:o"},"result":{"completion":true,"success":true}})");
  BOOST_TEST(refusal_with(R"("score":0.5,"result":{"score":{"raw":1}})") ==
             "/score event.given-twice");
  BOOST_TEST(refusal(R"({"verb":"completed","object":{"id":"x:o","name":"a",)"
                     R"("definition":{"name":{"en":"a"}}}})") == "/object/name event.given-twice");
}

BOOST_AUTO_TEST_CASE(defaults_fill_what_the_event_lacks) {
  BOOST_TEST(inside(R"("result":{"success":true})", R"({"object":"x:d"})") ==
             R"({"object":{"id":"x:d"},"result":{"success":true}})");
  BOOST_TEST(inside(R"("object":{"id":"x:o","name":"N"})", R"({"object":"x:d",)"
                                                           R"("language":"fr"})") ==
             R"({"object":{"id":"x:o","definition":{"name":{"fr":"N"}}}})");
  BOOST_TEST(inside(R"("object":"x:o","context":{"language":"fr"})",
                    R"({"context":{"language":"en",)"
                    R"("registration":"6b2e0c5e-0f2b-4c58-9d6c-0c8a1c5d1f01"}})") ==
             R"({"object":{"id":"x:o"},"context":{"language":"fr",)"
             R"("registration":"6b2e0c5e-0f2b-4c58-9d6c-0c8a1c5d1f01"}})");
  BOOST_TEST(
      inside(R"("object":"x:o","context":{"extensions":{"x:a":1}})",
             R"({"context":{"extensions":{"x:a":2,"x:b":{}},"platform":"P"}})") ==
      R"({"object":{"id":"x:o"},"context":{"extensions":{"x:a":1,"x:b":{}},"platform":"P"}})");
}

BOOST_AUTO_TEST_CASE(platform_and_revision_are_for_activities) {
  const std::string_view defaults = R"({"context":{"platform":"P","revision":"1"}})";
  BOOST_TEST(inside(R"("object":{"objectType":"Agent","mbox":"mailto:a@example.org"})", defaults) ==
             R"({"object":{"objectType":"Agent","mbox":"mailto:a@example.org"}})");
  BOOST_TEST(inside(R"("object":{"objectType":"Activity","id":"x:o"})", defaults) ==
             R"({"context":{"platform":"P","revision":"1"},"object":{"objectType":"Activity",)"
             R"("id":"x:o"}})");
}

BOOST_AUTO_TEST_CASE(wrong_defaults_are_named) {
  for (const auto* wrong : {"[]", "{", "{\"actr\":{}}", "{\"language\":5}", "{\"context\":[]}",
                            "{\"language\":\"en\",\"language\":\"fr\"}", "null"}) {
    BOOST_TEST(refusal(R"({"verb":"completed","object":"x:o"})", wrong) == " event.defaults");
  }
  const std::string large = R"({"language":"en"})" + std::string(limits::kDefaultsBytesMax, ' ');
  BOOST_TEST(refusal(R"({"verb":"completed","object":"x:o"})", large) == " event.defaults");
}

BOOST_AUTO_TEST_CASE(empty_members_are_left_out) {
  BOOST_TEST(completed(R"({"id":"","verb":"x:v","object":"x:o","actor":{ },"timestamp":""})",
                       R"({"actor":{"mbox":"mailto:a@example.org","name":""}})")
                 .statement == R"({"id":"6b2e0c5e-0f2b-4c58-9d6c-0c8a1c5d1f02",)"
                               R"("actor":{"mbox":"mailto:a@example.org"},"verb":{"id":"x:v"},)"
                               R"("object":{"id":"x:o"},)"
                               R"("timestamp":"2026-11-23T08:00:00.000Z"})");
  BOOST_TEST(inside(R"("object":{"id":"x:o","definition":{"name":{"en":""},)"
                    R"("description":{}}})") == R"({"object":{"id":"x:o"}})");
  BOOST_TEST(inside(R"("object":{"id":"x:o","definition":{"extensions":{ },"type":"x:t"}})") ==
             R"({"object":{"id":"x:o","definition":{"type":"x:t"}}})");
  BOOST_TEST(inside(R"("object":{"id":"x:o"},"result":{"response":"","extensions":{"x:e":{"a":"",)"
                    R"("b":{}}}})") ==
             R"({"object":{"id":"x:o"},"result":{"extensions":{"x:e":{"a":"","b":{}}}}})");
}

BOOST_AUTO_TEST_CASE(elements_of_arrays_are_not_left_out) {
  BOOST_TEST(inside(R"("object":{"id":"x:o","definition":{"name":{},"interactionType":"fill-in",)"
                    R"("correctResponsesPattern":["","a"]}})") ==
             R"({"object":{"id":"x:o","definition":{"interactionType":"fill-in",)"
             R"("correctResponsesPattern":["","a"]}}})");
}

BOOST_AUTO_TEST_CASE(unknown_members_are_refused) {
  BOOST_TEST(refusal_with(R"("zzzzzzzz":1)") == "/zzzzzzzz event.unknown-member");
  BOOST_TEST(refusal_with(R"("zzzzzzzz":"")") == "/zzzzzzzz event.unknown-member");
  BOOST_TEST(refusal_with(R"("a/b":1)") == "/a~1b event.unknown-member");
  BOOST_TEST(completed(R"({"vreb":1})").violations.at(0).message ==
             "An event has no member \"vreb\". Did you mean \"verb\"?");
}

BOOST_AUTO_TEST_CASE(what_is_no_event_is_refused) {
  for (const auto* wrong : {"[]", "\"completed\"", "5", "null", "[{\"verb\":\"completed\"}]"}) {
    BOOST_TEST(refusal(wrong) == " event.object");
  }
  const std::string huge(limits::kStatementBytesMax + 1, ' ');
  BOOST_TEST(refusal(huge) == " event.too-large");
}

BOOST_AUTO_TEST_CASE(flaws_of_the_text_are_refused) {
  BOOST_TEST(refusal("{") == " json.syntax");
  BOOST_TEST(refusal("") == " json.syntax");
  BOOST_TEST(refusal(R"({"verb":"completed","object":"x:o"} x)") == " json.syntax");
  BOOST_TEST(refusal_with("\"response\":\"\x80\"") == "/response json.invalid-utf8");
  BOOST_TEST(refusal_with(R"("response":"\ud800")") == "/response json.lone-surrogate");
  BOOST_TEST(refusal_with(R"("v\u0065rb":"failed")") == "/verb json.duplicate-key");
  BOOST_TEST(refusal_with(R"("context":{"language":"en","language":"en"})") ==
             "/context/language json.duplicate-key");
  BOOST_TEST(refusal_with(R"("score":1e999)") == "/score json.number-range");
  const std::string deep = std::string(100, '[') + std::string(100, ']');
  const auto refused = refusal_with(R"("context":{"extensions":{"x:e":)" + deep + "}}");
  BOOST_TEST(refused.ends_with(" json.depth"));
  BOOST_TEST(refusal(std::string(100'000, '[')).ends_with(" json.depth"));
}

BOOST_AUTO_TEST_CASE(violations_point_into_the_event) {
  BOOST_TEST(refusal(R"({"verb":"a b:c","object":"x:o"})") == "/verb format.iri");
  BOOST_TEST(refusal(R"({"verb":{"id":"a b"},"object":"x:o"})") == "/verb/id format.iri");
  BOOST_TEST(refusal(R"({"verb":"completed","object":"none"})") == "/object format.iri");
  BOOST_TEST(refusal(R"({"verb":"completed",)"
                     R"("object":{"id":"none"}})") == "/object/id format.iri");
  BOOST_TEST(refusal(R"({"verb":"completed","object":{"id":"x:o","name":5}})") ==
             "/object/name statement.wrong-type");
  BOOST_TEST(refusal(R"({"verb":"completed","object":{"id":"x:o","description":{"en":5}}})") ==
             "/object/description/en statement.wrong-type");
  BOOST_TEST(refusal(R"({"verb":"completed","object":{"id":"x:o","type":"a b:c"}})") ==
             "/object/type format.iri");
  BOOST_TEST(
      refusal(R"({"verb":"completed","object":{"mbox":"mailto:a@example.org","name":"A"}})") ==
      "/object object.object-type-required");
  BOOST_TEST(refusal_with(R"("score":{"scaled":2})") == "/score/scaled score.scaled-range");
  BOOST_TEST(refusal_with(R"("success":"yes")") == "/success statement.wrong-type");
  BOOST_TEST(refusal_with(R"("completion":null)") == "/completion json.null");
  BOOST_TEST(refusal_with(R"("duration":"12")") == "/duration format.duration");
  BOOST_TEST(refusal_with(R"("result":{"success":5},"completion":true)") ==
             "/result/success statement.wrong-type");
  BOOST_TEST(refusal_with(R"("timestamp":"yesterday")") == "/timestamp format.timestamp");
  BOOST_TEST(refusal_with(R"("context":[])") == "/context statement.wrong-type");
  BOOST_TEST(refusal(R"({"verb":"completed"})") == " statement.object-required");
}

BOOST_AUTO_TEST_CASE(violations_name_the_defaults_where_they_come_from) {
  const auto violation = [](std::string_view event, std::string_view defaults) {
    const auto violations = completed(event, defaults).violations;
    BOOST_REQUIRE(violations.size() == 1U);
    const bool named = violations[0].message.starts_with("In the page's defaults: ");
    return violations[0].path + (named ? " defaults" : " event");
  };
  const std::string_view event = R"({"verb":"completed","object":"x:o"})";
  BOOST_TEST(violation(event, R"({"actor":{"mbox":"a"}})") == "/actor/mbox defaults");
  BOOST_TEST(violation(R"({"verb":"completed","object":"x:o","actor":{"mbox":"a"}})",
                       R"({"actor":{"mbox":"a"}})") == "/actor/mbox event");
  BOOST_TEST(violation(R"({"verb":"completed"})", R"({"object":"none"})") == "/object defaults");
  BOOST_TEST(violation(R"({"verb":"completed"})", R"({"object":{"id":"x:o","type":"none"}})") ==
             "/object/type defaults");
  BOOST_TEST(violation(event, R"({"context":{"registration":"1"}})") ==
             "/context/registration defaults");
  BOOST_TEST(violation(R"({"verb":"completed","object":"x:o","context":{"registration":"1"}})",
                       R"({"context":{"registration":"2","language":"en"}})") ==
             "/context/registration event");
  BOOST_TEST(violation(R"({"verb":"completed","object":"x:o",)"
                       R"("context":{"extensions":{"x:a":1}}})",
                       R"({"context":{"extensions":{"x:a":2,"none":3}}})") ==
             "/context/extensions/none defaults");
}

BOOST_AUTO_TEST_CASE(timestamps_follow_the_calendar) {
  BOOST_TEST(timestamp_at(0) == "1970-01-01T00:00:00.000Z");
  BOOST_TEST(timestamp_at(-5) == "1970-01-01T00:00:00.000Z");
  BOOST_TEST(timestamp_at(951'782'400'000) == "2000-02-29T00:00:00.000Z");
  BOOST_TEST(timestamp_at(951'868'799'999) == "2000-02-29T23:59:59.999Z");
  BOOST_TEST(timestamp_at(951'868'800'000) == "2000-03-01T00:00:00.000Z");
  BOOST_TEST(timestamp_at(4'107'542'399'001) == "2100-02-28T23:59:59.001Z");
  BOOST_TEST(timestamp_at(4'107'542'400'000) == "2100-03-01T00:00:00.000Z");
  BOOST_TEST(timestamp_at(253'402'300'799'999) == "9999-12-31T23:59:59.999Z");
  BOOST_TEST(timestamp_at(INT64_MAX) == "9999-12-31T23:59:59.999Z");
}

BOOST_AUTO_TEST_SUITE_END()
