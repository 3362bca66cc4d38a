#include <fstream>
#include <string>

#include <nlohmann/json.hpp>

#include <boost/test/unit_test.hpp>

#include "waypost/statement/completion.hpp"
#include "waypost/statement/equality.hpp"

using namespace waypost;
using namespace waypost::statement;

namespace {

const std::string kId = "6b2e0c5e-0f2b-4c58-9d6c-0c8a1c5d1f02";
const std::string kOtherId = "6b2e0c5e-0f2b-4c58-9d6c-0c8a1c5d1f03";

CompletionContext context_with(const std::string& id, Version version) {
  return {{}, *Uuid::parse(id), {1'795'420'800'000}, {version, false, false}};
}

bool has_empty_string(const std::string& text) {
  return text.find(":\"\"") != text.npos;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(completion_vectors)

BOOST_AUTO_TEST_CASE(a_valid_statement_is_an_event_that_says_the_same) {
  std::ifstream file(WAYPOST_TESTS_FOLDER "/vectors/statements.json");
  int completed_count = 0;
  for (const auto& entry : nlohmann::ordered_json::parse(file)) {
    if (!entry["valid"]) continue;
    const std::string text = entry["statement"].dump();
    const auto version = entry["version"] == "1.0.3" ? Version::V1_0_3 : Version::V2_0_0;
    BOOST_TEST_CONTEXT(text) {
      const auto first = complete(text, context_with(kId, version));
      BOOST_TEST(first.violations.empty());
      if (!has_empty_string(text)) BOOST_TEST(comparable(first.statement) == comparable(text));
      // Complete already, it comes out with its own bytes.
      const auto second = complete(first.statement, context_with(kOtherId, version));
      BOOST_TEST(second.statement == first.statement);
    }
    ++completed_count;
  }
  BOOST_TEST(completed_count > 300);
}

BOOST_AUTO_TEST_CASE(an_invalid_statement_is_no_event) {
  std::ifstream file(WAYPOST_TESTS_FOLDER "/vectors/statements.json");
  for (const auto& entry : nlohmann::ordered_json::parse(file)) {
    const std::string text = entry["statement"].dump();
    const auto version = entry["version"] == "1.0.3" ? Version::V1_0_3 : Version::V2_0_0;
    const auto completion = complete(text, context_with(kId, version));
    BOOST_TEST(completion.statement.empty() == !completion.violations.empty());
    if (!entry["valid"]) BOOST_TEST(!completion.violations.empty(), text);
  }
}

BOOST_AUTO_TEST_SUITE_END()
