#include "waypost/statement/equality.hpp"

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <boost/test/unit_test.hpp>

using waypost::statement::comparable;

namespace {

bool equal(std::string_view left, std::string_view right) {
  BOOST_TEST_INFO(comparable(left) << "\n" << comparable(right));
  return comparable(left) == comparable(right);
}

std::string statement_with(std::string_view members) {
  return R"({"actor":{"mbox":"mailto:a@example.org"},"verb":{"id":"x:v"},"object":{"id":"x:o"})" +
         std::string(members.empty() ? "" : ",") + std::string(members) + "}";
}

bool equal_with(std::string_view left, std::string_view right) {
  return equal(statement_with(left), statement_with(right));
}

std::string with_object(std::string_view object) {
  return R"({"actor":{"mbox":"mailto:a@example.org"},"verb":{"id":"x:v"},"object":)" +
         std::string(object) + "}";
}

bool equal_objects(std::string_view left, std::string_view right) {
  return equal(with_object(left), with_object(right));
}

}  // namespace

BOOST_AUTO_TEST_SUITE(equality)

BOOST_AUTO_TEST_CASE(white_space_order_and_escapes_do_not_count) {
  BOOST_TEST(equal(R"({"verb":{"id":"x:v"},"actor":{"name":"a\/\u0062","mbox":"mailto:a@b.c"}})",
                   "{ \"actor\" : {\"mbox\":\"mailto:a@b.c\",\n\"n\\u0061me\":\"a/b\"}, "
                   "\"verb\":{\"id\":\"x:v\"}}"));
}

BOOST_AUTO_TEST_CASE(what_an_lrs_assigns_does_not_count) {
  BOOST_TEST(equal_with(
      "", R"("id":"6b2e0c5e-0f2b-4c58-9d6c-0c8a1c5d1f02","authority":{"mbox":"mailto:l@b.c"},
      "stored":"2026-11-23T08:00:00Z","timestamp":"2026-11-23T08:00:00Z","version":"1.0.0",
      "attachments":[{"usageType":"x:u"}])"));
}

BOOST_AUTO_TEST_CASE(anything_else_counts) {
  for (const auto& [left, right] : {
           std::pair{R"("result":{"success":true})", R"("result":{"success":false})"},
           {"", R"("result":{"success":true})"},
           {R"("result":{"score":{"raw":1}})", R"("result":{"score":{"raw":1.0}})"},
           {R"("result":{"score":{"raw":1e2}})", R"("result":{"score":{"raw":100}})"},
           {R"("result":{"duration":"PT60S"})", R"("result":{"duration":"PT1M"})"},
           {R"("result":{"response":"a"})", R"("result":{"response":"A"})"},
           {R"("result":{"response":"1"})", R"("result":{"response":"true"})"},
           {R"("context":{"platform":"a"})", R"("context":{"platform":"b"})"},
       }) {
    BOOST_TEST(!equal_with(left, right), left);
  }
  BOOST_TEST(!equal(R"({"verb":{"id":"x:a"}})", R"({"verb":{"id":"x:b"}})"));
  BOOST_TEST(!equal(R"({"a":"b\",\"c\":\"d"})", R"({"a":"b","c":"d"})"));
}

BOOST_AUTO_TEST_CASE(definitions_and_displays_do_not_count) {
  BOOST_TEST(equal(R"({"verb":{"id":"x:v","display":{"en":"did"}},"object":{"id":"x:o"}})",
                   R"({"verb":{"id":"x:v"},"object":{"id":"x:o","definition":{"type":"x:t"}}})"));
  BOOST_TEST(equal_with(R"("context":{"contextActivities":{"parent":[{"id":"x:p",)"
                        R"("definition":{"name":{"en":"P"}}}]}})",
                        R"("context":{"contextActivities":{"parent":[{"id":"x:p"}]}})"));
}

BOOST_AUTO_TEST_CASE(the_same_rules_hold_in_sub_statements) {
  const std::string_view plain = R"({
    "objectType":"SubStatement",
    "actor":{"objectType":"Group","member":[{"mbox":"mailto:a@b.c"},{"mbox":"mailto:b@b.c"}]},
    "verb":{"id":"x:v"},
    "object":{"id":"x:o"},
    "context":{"contextActivities":{"other":[{"id":"x:c"}]}}})";
  const std::string_view rich = R"({
    "objectType":"SubStatement",
    "actor":{"objectType":"Group","member":[{"mbox":"mailto:b@B.C"},{"mbox":"mailto:a@b.c"}]},
    "verb":{"id":"x:v","display":{"en":"v"}},
    "object":{"id":"x:o","definition":{"type":"x:t"}},
    "context":{"contextActivities":{"other":{"id":"x:c","definition":{"type":"x:t"}}}}})";
  BOOST_TEST(equal_objects(plain, rich));
}

BOOST_AUTO_TEST_CASE(the_timestamp_of_a_sub_statement_counts_as_an_instant) {
  const auto sub = [](std::string_view timestamp) {
    return R"({"objectType":"SubStatement","verb":{"id":"x:v"},"timestamp":")" +
           std::string(timestamp) + "\"}";
  };
  BOOST_TEST(!equal_objects(sub("2026-11-23T08:00:00Z"), sub("2026-11-23T08:00:01Z")));
  BOOST_TEST(!equal_objects(sub("2026-11-23T08:00:00Z"),
                            R"({"objectType":"SubStatement","verb":{"id":"x:v"}})"));
  for (const auto* same : {"2026-11-23T08:00:00.000Z", "2026-11-23T09:00:00+01:00",
                           "2026-11-23T03:30:00.0009-0430", "2026-11-22T22:00-10"}) {
    BOOST_TEST(equal_objects(sub("2026-11-23T08:00:00Z"), sub(same)), same);
  }
  BOOST_TEST(equal_objects(sub("2024-03-01T00:30:00+01:00"), sub("2024-02-29T23:30:00Z")));
  BOOST_TEST(equal_objects(sub("1969-12-31T23:00:00-01:00"), sub("1970-01-01T00:00:00Z")));
  BOOST_TEST(equal_objects(sub("2001-01-01T00:00:00+01:00"), sub("2000-12-31T23:00:00Z")));
  BOOST_TEST(!equal_objects(sub("2026-11-23"), sub("2026-11-24")));
  BOOST_TEST(!equal_objects(sub("2026-11-23T08:00:00Z"), sub("2026-11-23T08:00:00.001Z")));
}

BOOST_AUTO_TEST_CASE(only_groups_have_unordered_lists) {
  const auto group = [](std::string_view members) {
    return R"({"actor":{"objectType":"Group","member":[)" + std::string(members) + "]}}";
  };
  const std::string_view a = R"({"mbox":"mailto:a@b.c"})";
  const std::string_view b = R"({"name":"B","account":{"homePage":"x:h","name":"n"}})";
  const std::string_view b_other = R"({"account":{"name":"n","homePage":"x:h"},"name":"B"})";
  BOOST_TEST(equal(group(std::string(a) + "," + std::string(b)),
                   group(std::string(b_other) + "," + std::string(a))));
  BOOST_TEST(!equal(group(std::string(a) + "," + std::string(b)), group(a)));
  BOOST_TEST(
      !equal_with(R"("context":{"contextActivities":{"parent":[{"id":"x:a"},{"id":"x:b"}]}})",
                  R"("context":{"contextActivities":{"parent":[{"id":"x:b"},{"id":"x:a"}]}})"));
  BOOST_TEST(!equal_with(R"("result":{"extensions":{"x:e":{"member":[1,2]}}})",
                         R"("result":{"extensions":{"x:e":{"member":[2,1]}}})"));
}

BOOST_AUTO_TEST_CASE(one_context_activity_is_as_good_as_an_array_of_it) {
  BOOST_TEST(equal_with(R"("context":{"contextActivities":{"parent":{"id":"x:p"}}})",
                        R"("context":{"contextActivities":{"parent":[{"id":"x:p"}]}})"));
  BOOST_TEST(!equal_with(R"("context":{"contextActivities":{"parent":{"id":"x:p"}}})",
                         R"("context":{"contextActivities":{"other":[{"id":"x:p"}]}})"));
}

BOOST_AUTO_TEST_CASE(case_counts_where_it_means_something) {
  BOOST_TEST(equal_with(R"("context":{"registration":"6B2E0C5E-0f2b-4c58-9d6c-0c8a1c5d1f02"})",
                        R"("context":{"registration":"6b2e0c5e-0f2b-4c58-9d6c-0c8a1c5d1f02"})"));
  BOOST_TEST(equal_objects(
      R"({"objectType":"StatementRef","id":"6B2E0C5E-0F2B-4C58-9D6C-0C8A1C5D1F02"})",
      R"({"id":"6b2e0c5e-0f2b-4c58-9d6c-0c8a1c5d1f02","objectType":"StatementRef"})"));
  BOOST_TEST(equal_with(R"("context":{"statement":{"objectType":"StatementRef",)"
                        R"("id":"6B2E0C5E-0F2B-4C58-9D6C-0C8A1C5D1F02"}})",
                        R"("context":{"statement":{"objectType":"StatementRef",)"
                        R"("id":"6b2e0c5e-0f2b-4c58-9d6c-0c8a1c5d1f02"}})"));
  BOOST_TEST(equal_with(R"("context":{"language":"en-US"})", R"("context":{"language":"EN-us"})"));
  BOOST_TEST(equal(R"({"actor":{"mbox":"mailto:Ann@Example.ORG"}})",
                   R"({"actor":{"mbox":"mailto:Ann@example.org"}})"));
  BOOST_TEST(!equal(R"({"actor":{"mbox":"mailto:Ann@example.org"}})",
                    R"({"actor":{"mbox":"mailto:ann@example.org"}})"));
  BOOST_TEST(!equal_objects(R"({"id":"x:O"})", R"({"id":"x:o"})"));
}

BOOST_AUTO_TEST_CASE(durations_are_strings_up_to_hundredths) {
  BOOST_TEST(
      equal_with(R"("result":{"duration":"PT1.23S"})", R"("result":{"duration":"PT1.239S"})"));
  BOOST_TEST(
      !equal_with(R"("result":{"duration":"PT1.23S"})", R"("result":{"duration":"PT1.24S"})"));
  BOOST_TEST(
      !equal_with(R"("result":{"duration":"PT1.5S"})", R"("result":{"duration":"PT1.50S"})"));
  BOOST_TEST(
      !equal_with(R"("result":{"duration":"PT1.555H"})", R"("result":{"duration":"PT1.55H"})"));
}

BOOST_AUTO_TEST_CASE(empty_objects_say_nothing_outside_extensions) {
  BOOST_TEST(equal_with("", R"("result":{},"context":{"contextActivities":{},"extensions":{}})"));
  BOOST_TEST(equal_with("", R"("result":{"score":{}})"));
  BOOST_TEST(!equal_with(R"("result":{"extensions":{"x:e":{}}})", ""));
  BOOST_TEST(!equal_with(R"("result":{"extensions":{"x:e":{"a":{}}}})",
                         R"("result":{"extensions":{"x:e":{}}})"));
  BOOST_TEST(!equal_with(R"("result":{"extensions":{"x:e":[{}]}})",
                         R"("result":{"extensions":{"x:e":[]}})"));
}

BOOST_AUTO_TEST_CASE(extensions_are_compared_as_they_are) {
  BOOST_TEST(equal_with(R"("context":{"extensions":{"x:a":{"b":1,"c":null},"x:b":"\u0061"}})",
                        R"("context":{"extensions":{"x:b":"a","x:a":{"c":null,"b":1}}})"));
  for (const auto* member : {R"("id":"x")", R"("definition":1)", R"("display":{"en":"x"})",
                             R"("timestamp":"x")", R"("mbox":"mailto:a@B")"}) {
    BOOST_TEST(!equal_with(R"("context":{"extensions":{"x:a":{)" + std::string(member) + "}}}",
                           R"("context":{"extensions":{"x:a":{}}})"),
               member);
  }
}

BOOST_AUTO_TEST_CASE(actors_of_version_2_are_compared_too) {
  BOOST_TEST(equal_with(R"("context":{"contextAgents":[{"objectType":"contextAgent",)"
                        R"("agent":{"mbox":"mailto:a@B.c"}}]})",
                        R"("context":{"contextAgents":[{"agent":{"mbox":"mailto:a@b.c"},)"
                        R"("objectType":"contextAgent"}]})"));
}

// Databases keep the hash of this text for weeks: a release that writes another one would take what
// is sent again for a conflict.
BOOST_AUTO_TEST_CASE(the_text_is_the_same_in_every_release) {
  const std::string_view statement = R"( {"verb" : {"display":{"en":"did"},"id":"x:v"},
    "actor":{"objectType":"Group",
             "member":[{"mbox":"mailto:B@Example.ORG"},{"mbox":"mailto:a@b.c"}],
             "name":"A\u00e9\/\u001f\"\ud83d\ude00"},
    "object":{"objectType":"SubStatement","timestamp":"2026-11-23T09:00:00.5+01:00",
              "object":{"objectType":"StatementRef","id":"6B2E0C5E-0F2B-4C58-9D6C-0C8A1C5D1F01"}},
    "result":{"score":{"scaled":1.0,"raw":1e1},"duration":"PT1.2345S","success":true,
              "extensions":{"x:b2":{},"x:b":[1, null,{"a":{}}],"x:longer-key-b":1,"x:longer-key":2,
                            "x:longer-key-a":3,"\u0078:a":"\u0061"}},
    "context":{"contextActivities":{"parent":{"id":"x:p","definition":{}},"other":[]},
               "language":"EN-gb","extensions":{},
               "registration":"EC531277-B57B-4C15-8D91-D292C5B2B8F7"},
    "id":"6b2e0c5e-0f2b-4c58-9d6c-0c8a1c5d1f01","timestamp":"2026-11-23T08:00:00Z"} )";
  const std::string_view expected =
      R"({"actor":{"member":[{"mbox":"mailto:B@example.org"},{"mbox":"mailto:a@b.c"}],)"
      "\"name\":\"A\xC3\xA9/\\u001f\\\"\xF0\x9F\x98\x80\","
      R"("objectType":"Group"},)"
      R"("context":{"contextActivities":{"other":[],"parent":[{"id":"x:p"}]},"language":"en-gb",)"
      R"("registration":"ec531277-b57b-4c15-8d91-d292c5b2b8f7"},)"
      R"("object":{"object":{"id":"6b2e0c5e-0f2b-4c58-9d6c-0c8a1c5d1f01",)"
      R"("objectType":"StatementRef"},"objectType":"SubStatement","timestamp":1795420800500},)"
      R"("result":{"duration":"PT1.23S","extensions":{"x:a":"a","x:b":[1,null,{"a":{}}],)"
      R"("x:b2":{},"x:longer-key":2,"x:longer-key-a":3,"x:longer-key-b":1},)"
      R"("score":{"raw":1e1,"scaled":1.0},"success":true},"verb":{"id":"x:v"}})";
  BOOST_TEST(comparable(statement) == expected);
}

BOOST_AUTO_TEST_CASE(never_fails_on_what_is_no_statement) {
  for (const auto* text : {"", "[", "{", "{\"a\"", "[1,2", "null", "{\"object\":[{\"id\":5}]}",
                           "{\"actor\":{\"member\":[", "{\"a\":nul"}) {
    BOOST_TEST(comparable(text).size() < 100U);
  }
}

BOOST_AUTO_TEST_CASE(never_looks_behind_a_text_that_was_cut) {
  const std::string text = R"({"\u0061ctor":{"name":"\ud83d\ude00\n"},"id":["x",{"y":null}]})";
  for (std::size_t size = 0; size < text.size(); ++size) {
    const std::vector<char> cut(text.begin(), text.begin() + static_cast<std::ptrdiff_t>(size));
    BOOST_TEST(comparable({cut.data(), cut.size()}).size() <= text.size() + 10);
  }
  BOOST_TEST(comparable(std::string(100'000, '[')).size() < 2000U);
}

BOOST_AUTO_TEST_SUITE_END()
