#include <string>

#include <boost/test/unit_test.hpp>

#include "example_statement.hpp"

namespace json = waypost::json;
namespace statement = waypost::statement;
namespace tests = waypost::tests;

namespace {

const std::string kGood =
    R"({"actor":{"mbox":"mailto:a@b.org"},"verb":{"id":"act:verb"},"object":{"id":"act:x"}})";

std::string malformed_rule(std::string_view text, std::size_t count_max = 10) {
  const auto list = statement::validate_list(text, {}, count_max);
  return list.malformed ? std::string(list.malformed->rule) : std::string();
}

}  // namespace

BOOST_AUTO_TEST_SUITE(statement_list)

BOOST_AUTO_TEST_CASE(one_statement_or_an_array) {
  const auto one = statement::validate_list(kGood, {}, 10);
  BOOST_TEST(!one.malformed);
  BOOST_TEST(!one.is_array);
  BOOST_TEST(one.statements.size() == 1U);
  const auto two = statement::validate_list(" [" + kGood + ", " + kGood + "]\n", {}, 10);
  BOOST_TEST(!two.malformed);
  BOOST_TEST(two.is_array);
  BOOST_REQUIRE(two.statements.size() == 2U);
  BOOST_TEST(two.statements[1].valid());
}

BOOST_AUTO_TEST_CASE(a_flawed_statement_does_not_touch_its_neighbours) {
  const std::string deep = std::string(70, '[') + std::string(70, ']');
  for (const auto& bad :
       {std::string(R"({"actor":{"mbox":"\ud800"},"verb":{"id":"act:v"},"object":{"id":"act:x"}})"),
        std::string(R"({"id":1,"id":2})"), std::string("{\"a\":1e999}"), "{\"a\":" + deep + "}",
        std::string("7"), std::string("\"\\ud800\""), deep, std::string("null")}) {
    const auto list = statement::validate_list("[" + kGood + "," + bad + "," + kGood + "]", {}, 10);
    BOOST_TEST(!list.malformed);
    BOOST_REQUIRE(list.statements.size() == 3U);
    BOOST_TEST(list.statements[0].valid());
    BOOST_TEST(!list.statements[1].valid(), bad);
    BOOST_TEST(list.statements[2].valid());
  }
}

BOOST_AUTO_TEST_CASE(paths_start_at_the_statement) {
  const auto list = statement::validate_list(
      "[" + kGood + R"(,{"actor":{"mbox":"x"},"verb":{"id":"act:v","id":"act:v"}}])", {}, 10);
  BOOST_REQUIRE(list.statements.size() == 2U);
  const auto& violations = list.statements[1].violations;
  BOOST_REQUIRE(violations.size() == 3U);
  BOOST_TEST(violations[0].path == "/actor/mbox");
  BOOST_TEST(violations[1].path == "/verb/id");
  BOOST_TEST(violations[2].path == "");
  BOOST_TEST(violations[2].rule == "statement.object-required");
}

BOOST_AUTO_TEST_CASE(what_is_no_list_of_statements) {
  BOOST_TEST(malformed_rule("") == "json.syntax");
  BOOST_TEST(malformed_rule("[") == "json.syntax");
  BOOST_TEST(malformed_rule("[" + kGood) == "json.syntax");
  BOOST_TEST(malformed_rule("[" + kGood + ",]") == "json.syntax");
  BOOST_TEST(malformed_rule(kGood + kGood) == "json.syntax");
  BOOST_TEST(malformed_rule("[" + kGood + "] x") == "json.syntax");
  BOOST_TEST(malformed_rule("[\"\xFF\"]") == "json.invalid-utf8");
  BOOST_TEST(malformed_rule("\xEF\xBB\xBF[]") == "json.byte-order-mark");
  BOOST_TEST(malformed_rule("[]") == "statement.none");
  BOOST_TEST(malformed_rule("5") == "statement.not-object");
  BOOST_TEST(malformed_rule("null") == "statement.not-object");
  BOOST_TEST(malformed_rule("[" + kGood + "," + kGood + "]", 2) == "");
  BOOST_TEST(malformed_rule("[" + kGood + "," + kGood + "]", 1) == "statement.too-many");
}

BOOST_AUTO_TEST_CASE(what_was_read_before_the_text_broke_is_told) {
  const auto list = statement::validate_list("[" + kGood + ",{}," + kGood + ",{\"a\"]", {}, 10);
  BOOST_TEST(list.malformed.has_value());
  BOOST_REQUIRE(list.statements.size() == 3U);
  BOOST_TEST(list.statements[0].valid());
  BOOST_TEST(!list.statements[1].valid());
}

BOOST_AUTO_TEST_CASE(the_outline_says_where_things_are) {
  const auto example = tests::example_with(
      R"({"version": "1.0.0", "stored": "2026-11-23T08:00:01Z", "authority": {"mbox": "mailto:l@r.s"}})");
  const std::string text = "[" + kGood + ", " + example.dump() + "]";
  const auto list = statement::validate_list(text, {}, 10);
  BOOST_REQUIRE(list.statements.size() == 2U);
  BOOST_TEST(list.statements[1].valid());
  const auto& outline = list.statements[1].outline;
  BOOST_TEST(outline.whole.of(text) == example.dump());
  const auto check = [&](const statement::Member& member, const char* key, const char* pointer) {
    BOOST_TEST(member.key.of(text) == nlohmann::json(key).dump());
    BOOST_TEST(member.value.of(text) == example.at(nlohmann::json::json_pointer(pointer)).dump());
  };
  check(outline.id, "id", "/id");
  check(outline.actor, "actor", "/actor");
  check(outline.verb_id, "id", "/verb/id");
  check(outline.object_id, "id", "/object/id");
  check(outline.timestamp, "timestamp", "/timestamp");
  check(outline.stored, "stored", "/stored");
  check(outline.authority, "authority", "/authority");
  check(outline.version, "version", "/version");
  check(outline.context, "context", "/context");
  check(outline.registration, "registration", "/context/registration");
  check(outline.context_extensions, "extensions", "/context/extensions");
  BOOST_TEST(!outline.signed_statement);
  BOOST_TEST(!list.statements[0].outline.id.present());
}

BOOST_AUTO_TEST_CASE(the_outline_is_of_the_statement_not_of_its_sub_statement) {
  const std::string text =
      R"({"actor":{"mbox":"mailto:a@b.org"},"verb":{"id":"act:outer"},"object":{)"
      R"("objectType":"SubStatement","actor":{"mbox":"mailto:c@d.org"},"verb":{"id":"act:inner"},)"
      R"("object":{"id":"act:x"},"timestamp":"2026-11-23T08:00:00Z","context":{)"
      R"("registration":"ec531277-b57b-4c15-8d91-d292c5b2b8f7","extensions":{}}}})";
  const auto validation = statement::validate(text, {});
  BOOST_TEST(validation.valid());
  const auto& outline = validation.outline;
  BOOST_TEST(outline.verb_id.value.of(text) == "\"act:outer\"");
  BOOST_TEST(outline.actor.value.of(text) == R"({"mbox":"mailto:a@b.org"})");
  for (const auto* member : {&outline.object_id, &outline.timestamp, &outline.context,
                             &outline.registration, &outline.context_extensions}) {
    BOOST_TEST(!member->present());
  }
}

BOOST_AUTO_TEST_CASE(a_signature_marks_the_statement) {
  const std::string text =
      R"({"actor":{"mbox":"mailto:a@b.org"},"verb":{"id":"act:v"},"object":{"id":"act:x"},)"
      R"("attachments":[{"contentType":"application\/octet-stream","display":{},"length":1,)"
      R"("sha2":"495395e777cd98da653df9615d09c0fd6bb2f8d4788394cd53c56a3bfdcd848a",)"
      R"("usageType":"http:\/\/adlnet.gov\/expapi\/attachments\/signature"}]})";
  const auto validation = statement::validate(text, {});
  BOOST_TEST(validation.valid());
  BOOST_TEST(validation.outline.signed_statement);
}

BOOST_AUTO_TEST_CASE(the_reader_stands_right_behind_the_value) {
  json::Reader reader(R"({"v":1,"entries":[{"id":7},5],"after":true})");
  json::Token token = reader.next();
  while (token.kind != json::TokenKind::ArrayBegin) token = reader.next();
  BOOST_TEST(!statement::validate_value(reader, reader.next(), {}).valid());
  const auto second = statement::validate_value(reader, reader.next(), {});
  BOOST_TEST(second.outline.whole.of(reader.text()) == "5");
  BOOST_TEST((reader.next().kind == json::TokenKind::ArrayEnd));
  BOOST_TEST((reader.next().kind == json::TokenKind::Key));
  BOOST_TEST((reader.next().kind == json::TokenKind::True));
}

BOOST_AUTO_TEST_CASE(flaws_before_the_value_are_not_the_statements) {
  const std::string text = R"({"nonce":"\ud800","entries":[)" + kGood + "]}";
  json::Reader reader(text);
  json::Token token = reader.next();
  while (token.kind != json::TokenKind::ArrayBegin) token = reader.next();
  BOOST_TEST(statement::validate_value(reader, reader.next(), {}).valid());
}

BOOST_AUTO_TEST_SUITE_END()
