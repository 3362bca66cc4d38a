#include <fstream>
#include <string>
#include <vector>

#include <nlohmann/json.hpp>

#include <boost/test/unit_test.hpp>

#include "waypost/statement/validate.hpp"

namespace statement = waypost::statement;

namespace {

// The members of every object in reverse, so that objectType comes after what depends on it.
nlohmann::ordered_json reversed(const nlohmann::ordered_json& value) {
  if (value.is_array()) {
    auto array = nlohmann::ordered_json::array();
    for (const auto& element : value) array.push_back(reversed(element));
    return array;
  }
  if (!value.is_object()) return value;
  std::vector<std::pair<std::string, nlohmann::ordered_json>> members;
  for (const auto& [key, member] : value.items()) members.emplace_back(key, reversed(member));
  auto object = nlohmann::ordered_json::object();
  for (auto member = members.rbegin(); member != members.rend(); ++member) {
    object[member->first] = member->second;
  }
  return object;
}

struct Vector {
  std::string name;
  statement::Rules rules;
  nlohmann::ordered_json statement;
  bool valid = false;
};

std::vector<Vector> read_vectors() {
  std::ifstream file(WAYPOST_TESTS_FOLDER "/vectors/statements.json");
  std::vector<Vector> vectors;
  for (const auto& entry : nlohmann::ordered_json::parse(file)) {
    const std::string version = entry["version"];
    statement::Rules rules;
    rules.version = version == "1.0.3" ? statement::Version::V1_0_3 : statement::Version::V2_0_0;
    vectors.push_back(
        {version + " " + std::string(entry["name"]), rules, entry["statement"], entry["valid"]});
  }
  return vectors;
}

void check(const Vector& vector, const std::string& text) {
  const auto validation = statement::validate(text, vector.rules);
  std::string said;
  for (const auto& violation : validation.violations) {
    said += "\n  " + violation.path + " " + std::string(violation.rule) + " " + violation.message;
  }
  BOOST_TEST(validation.valid() == vector.valid, vector.name << said << "\n  " << text);
}

}  // namespace

BOOST_AUTO_TEST_SUITE(statement_vectors)

BOOST_AUTO_TEST_CASE(agree_with_adl_conformance_suite) {
  const auto vectors = read_vectors();
  BOOST_TEST(vectors.size() == 971U);
  for (const auto& vector : vectors) check(vector, vector.statement.dump());
}

BOOST_AUTO_TEST_CASE(agree_whatever_the_order_of_members) {
  for (const auto& vector : read_vectors()) check(vector, reversed(vector.statement).dump());
}

BOOST_AUTO_TEST_CASE(agree_however_the_text_is_laid_out) {
  for (const auto& vector : read_vectors()) check(vector, vector.statement.dump(2) + "\n");
}

BOOST_AUTO_TEST_SUITE_END()
