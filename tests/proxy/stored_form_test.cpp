#include "proxy/lrs_client/stored_form.hpp"

#include <string>
#include <string_view>
#include <utility>

#include <boost/test/unit_test.hpp>

namespace waypost::relay {
namespace {

std::string with_score(std::string_view number) {
  return R"({"result":{"score":{"raw":)" + std::string(number) + "}}}";
}

}  // namespace

BOOST_AUTO_TEST_SUITE(stored_form_of_a_statement)

BOOST_AUTO_TEST_CASE(the_spelling_of_numbers_does_not_count) {
  for (const auto& [ours, theirs] : {
           std::pair{"0.80", "0.8"},
           std::pair{"8.0", "8"},
           std::pair{"1e1", "10"},
           std::pair{"1E+1", "10.00"},
           std::pair{"-0.0", "0"},
           std::pair{"1E-400", "0"},
           std::pair{"123456789012345678901234567890", "1.2345678901234568e+29"},
           std::pair{"100000000000000000000000", "1e23"},
       }) {
    BOOST_TEST(stored_form(with_score(ours)) == stored_form(with_score(theirs)), ours);
  }
  for (const auto& [ours, theirs] : {
           std::pair{"0.80", "0.81"},
           std::pair{"1", "-1"},
           std::pair{"1", "10"},
           std::pair{"1", "\"1\""},
           std::pair{"1", "true"},
           std::pair{"9007199254740991", "9007199254740992"},
       }) {
    BOOST_TEST(stored_form(with_score(ours)) != stored_form(with_score(theirs)), ours);
  }
}

BOOST_AUTO_TEST_CASE(an_object_type_that_may_be_left_out_is) {
  BOOST_TEST(stored_form(R"({"actor":{"objectType":"Agent","mbox":"m"},"verb":{"id":"v"},
                             "object":{"id":"o","objectType":"Acti\u0076ity"},"stored":null})") ==
             R"({"actor":{"mbox":"m"},"verb":{"id":"v"},"object":{"id":"o"},"stored":null})");
  BOOST_TEST(stored_form(R"({"actor":{"objectType":"Agent"}})") == R"({"actor":{}})");
}

BOOST_AUTO_TEST_CASE(everything_else_stays) {
  for (const std::string_view same : {
           R"({"actor":{"objectType":"Group","member":[{"mbox":"m"},{"mbox":"n"}]}})",
           R"({"object":{"objectType":"StatementRef","id":"6b2e0c5e"}})",
           R"({"result":{"success":true,"response":"0.80, \"e1\"","extensions":{}},"a":[]})",
           R"({"result":{"extensions":{"x:a":{"objectType":"Agent","extensions":{"b":[[],{}]}}}}})",
           R"([1,[2,{"a":"b"}],"c",false])",
       }) {
    BOOST_TEST(stored_form(same) == same);
  }
}

BOOST_AUTO_TEST_CASE(behind_extensions_words_mean_something_again) {
  BOOST_TEST(stored_form(R"({"result":{"extensions":{"x:a":{"objectType":"Agent"}}},
                             "actor":{"objectType":"Agent","mbox":"m"}})") ==
             R"({"result":{"extensions":{"x:a":{"objectType":"Agent"}}},"actor":{"mbox":"m"}})");
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace waypost::relay
