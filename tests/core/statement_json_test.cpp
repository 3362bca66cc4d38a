#include <algorithm>
#include <random>
#include <string>

#include <boost/test/unit_test.hpp>

#include "example_statement.hpp"
#include "waypost/limits.hpp"

namespace limits = waypost::limits;
namespace statement = waypost::statement;
namespace tests = waypost::tests;

namespace {

// A small valid statement with `extension` as the value of an extension of its context.
std::string with_extension(const std::string& extension) {
  return R"({"actor":{"mbox":"mailto:a@b.org"},"verb":{"id":"act:verb"},"object":{"id":"act:x"},)"
         R"("context":{"extensions":{"act:e":)" +
         extension + "}}}";
}

std::string nested(std::size_t depth) {
  return std::string(depth, '[') + std::string(depth, ']');
}

std::string only(const std::vector<std::string>& broken) {
  BOOST_TEST(broken.size() == 1U);
  return broken.empty() ? "" : broken.back();
}

}  // namespace

BOOST_AUTO_TEST_SUITE(statement_json)

BOOST_AUTO_TEST_CASE(extensions_hold_any_json) {
  for (const auto* extension :
       {"null", "[null,{\"a\":null}]", "-0", "1e308", "\"\\u0000\"", "\"\\ud83d\\ude00\"", "{}",
        "[[],{}]", "123456789012345678901234567890", "0.1e-999"}) {
    BOOST_TEST(tests::broken_rules(with_extension(extension)).empty(), extension);
  }
}

BOOST_AUTO_TEST_CASE(flaws_of_json_inside_extensions) {
  const std::string at = "/context/extensions/act:e";
  BOOST_TEST(only(tests::broken_rules(with_extension(R"({"a":1,"\u0061":2})"))) ==
             at + "/a json.duplicate-key");
  BOOST_TEST(only(tests::broken_rules(with_extension(R"(["\ud83d"])"))) ==
             at + "/0 json.lone-surrogate");
  BOOST_TEST(only(tests::broken_rules(with_extension("1e400"))) == at + " json.number-range");
  BOOST_TEST(tests::broken_rules(with_extension(nested(61))).empty());
  BOOST_TEST(only(tests::broken_rules(with_extension(nested(62)))).ends_with(" json.depth"));
  BOOST_TEST(only(tests::broken_rules(with_extension(nested(400)))).ends_with(" json.depth"));
  for (const auto& hopeless : {nested(600), std::string(100'000, '[')}) {
    BOOST_TEST(tests::broken_rules(with_extension(hopeless)).back().ends_with(" json.depth"));
  }
}

BOOST_AUTO_TEST_CASE(every_member_may_stand_once) {
  BOOST_TEST(only(tests::broken_rules(
                 R"({"actor":{"mbox":"mailto:a@b.org"},"verb":{"id":"act:v","id":"act:w"},)"
                 R"("object":{"id":"act:x"}})")) == "/verb/id json.duplicate-key");
  BOOST_TEST(only(tests::broken_rules(R"({"actor":{"mbox":"mailto:a@b.org"},"verb":{"id":"act:v"},)"
                                      R"("object":{"id":"act:x"},"verb":{"id":"act:w"}})")) ==
             "/verb json.duplicate-key");
}

BOOST_AUTO_TEST_CASE(null_stands_only_in_extensions) {
  const auto example = tests::example_statement();
  const auto leaves = example.flatten();
  for (const auto& [pointer, value] : leaves.items()) {
    if (pointer.find("/extensions/") != std::string::npos) continue;
    auto statement = example;
    statement[nlohmann::json::json_pointer(pointer)] = nullptr;
    const auto broken = tests::broken_rules(statement.dump());
    const auto found = std::find(broken.begin(), broken.end(), pointer + " json.null");
    BOOST_TEST((found != broken.end()), pointer);
  }
}

BOOST_AUTO_TEST_CASE(no_value_takes_another_type) {
  const auto example = tests::example_statement();
  const auto check = [&](const nlohmann::json::json_pointer& pointer) {
    if (pointer.to_string().find("/extensions/") != std::string::npos) return;
    int wrong = 0;
    for (const auto* other : {"1", "\"\\n\"", "true", "[[]]", "{\"\\n\":1}"}) {
      auto statement = example;
      statement[pointer] = nlohmann::json::parse(other);
      wrong += tests::broken_rules(statement.dump()).empty() ? 0 : 1;
    }
    // Of five types a property takes one; only a number, a text or a truth fits any value.
    BOOST_TEST(wrong >= 4, pointer.to_string());
  };
  const auto leaves = example.flatten();
  for (const auto& [pointer, value] : leaves.items()) {
    for (nlohmann::json::json_pointer at(pointer); !at.empty(); at.pop_back()) check(at);
  }
}

BOOST_AUTO_TEST_CASE(what_is_not_json_is_told_last) {
  const auto last = [](std::string_view text) {
    const auto broken = tests::broken_rules(text);
    return broken.empty() ? std::string() : broken.back();
  };
  BOOST_TEST(last("") == " json.syntax");
  BOOST_TEST(last("{") == " json.syntax");
  BOOST_TEST(last(R"({"actor":{"mbox":tru}})") == "/actor/mbox json.syntax");
  BOOST_TEST(last("\xEF\xBB\xBF{}") == " json.byte-order-mark");
  BOOST_TEST(last("{\"actor\":\"\xFF\"}") == "/actor json.invalid-utf8");
  BOOST_TEST(last(tests::example_statement().dump() + ",") == " json.syntax");
  std::string many = "{";
  for (int i = 0; i < 100; ++i) many += "\"p" + std::to_string(i) + "\":0,";
  const auto broken = tests::broken_rules(many);
  BOOST_TEST(broken.size() == limits::kViolationsPerStatementMax);
  BOOST_TEST(broken.back().ends_with("json.syntax"));
  BOOST_TEST(tests::broken_rules(many + "\"q\":0}").size() == limits::kViolationsPerStatementMax);
}

BOOST_AUTO_TEST_CASE(a_statement_is_an_object) {
  for (const auto* text : {"null", "true", "5", "\"{}\"", "[]", "[{}]"}) {
    BOOST_TEST(only(tests::broken_rules(text)) == " statement.not-object", text);
  }
}

BOOST_AUTO_TEST_CASE(a_statement_is_not_too_large) {
  const auto of_size = [](std::size_t bytes) {
    const std::size_t frame = with_extension("\"\"").size();
    return with_extension("\"" + std::string(bytes - frame, 'x') + "\"");
  };
  BOOST_TEST(tests::broken_rules(of_size(limits::kStatementBytesMax)).empty());
  BOOST_TEST(tests::broken_rules("  " + of_size(limits::kStatementBytesMax) + "\n").empty());
  BOOST_TEST(only(tests::broken_rules(of_size(limits::kStatementBytesMax + 1))) ==
             " statement.too-large");
  const std::string huge(300 * limits::kKiB, 'x');
  auto statement = tests::example_statement();
  statement["actor"]["name"] = huge;
  BOOST_TEST(only(tests::broken_rules(statement.dump())) == " statement.too-large");
  statement["actor"][huge] = 1;
  statement["verb"]["id"] = huge;
  statement["verb"]["display"][huge] = huge;
  for (const auto& violation : statement::validate(statement.dump(), {}).violations) {
    BOOST_TEST(violation.message.size() < 300U);
  }
}

BOOST_AUTO_TEST_CASE(many_components_are_compared_quickly) {
  auto statement = tests::example_statement();
  auto& choices = statement["object"]["definition"]["choices"];
  for (int i = 0; i < 12'000; ++i) choices.push_back({{"id", "choice" + std::to_string(i)}});
  BOOST_TEST(tests::broken_rules(statement.dump()).empty());
  choices.push_back({{"id", "choice7"}});
  BOOST_TEST(only(tests::broken_rules(statement.dump())) ==
             "/object/definition/choices/12002/id component.id-unique");
}

BOOST_AUTO_TEST_CASE(no_start_of_a_statement_is_valid) {
  const auto text = tests::example_statement().dump();
  for (std::size_t length = 0; length < text.size(); ++length) {
    const auto broken = tests::broken_rules(std::string_view(text).substr(0, length));
    BOOST_REQUIRE(!broken.empty());
    BOOST_TEST(broken.back().ends_with("json.syntax"));
  }
}

// What is found valid is JSON, and what is not has a violation; nothing crashes, nothing hangs.
BOOST_AUTO_TEST_CASE(random_changes_of_bytes) {
  std::mt19937 random(20261123);
  const auto original = tests::example_statement().dump();
  const std::string likely = "\"\\{}[]:,0-9eE.+ntfu/#@%\x00\xFF\xC3\xE6 ";
  int valid = 0;
  for (int i = 0; i < 20'000; ++i) {
    std::string text = original;
    for (auto changes = 1 + random() % 3; changes > 0; --changes) {
      const auto at = random() % text.size();
      switch (random() % 4) {
        case 0: text[at] = static_cast<char>(random()); break;
        case 1: text[at] = likely[random() % likely.size()]; break;
        case 2: text.erase(at, 1 + random() % 20); break;
        default: text.insert(at, text.substr(random() % text.size(), random() % 20)); break;
      }
    }
    const auto validation = statement::validate(text, {.version = statement::Version::V2_0_0});
    BOOST_REQUIRE(validation.violations.size() <= limits::kViolationsPerStatementMax);
    for (const auto& violation : validation.violations) {
      BOOST_REQUIRE(violation.rule.find('.') != std::string_view::npos);
      BOOST_REQUIRE(!violation.message.empty());
    }
    if (!validation.valid()) continue;
    ++valid;
    BOOST_REQUIRE(nlohmann::json::accept(text));
  }
  BOOST_TEST(valid > 100);
}

BOOST_AUTO_TEST_SUITE_END()
