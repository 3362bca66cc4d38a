// Everything that fuzzing has found worth keeping, and every statement vector, through every
// target.
#include <fstream>
#include <string>
#include <vector>

#include <nlohmann/json.hpp>

#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>

#include "fuzz/target.hpp"

namespace fuzz = waypost::fuzz;

namespace {

// One input a line, in hexadecimal digits.
std::vector<std::string> corpus(std::string_view target) {
  std::ifstream file(WAYPOST_TESTS_FOLDER "/fuzz/corpus/" + std::string(target) + ".hex");
  std::vector<std::string> inputs;
  for (std::string line; std::getline(file, line);) {
    std::string input;
    for (std::size_t i = 0; i + 1 < line.size(); i += 2) {
      input += static_cast<char>(std::stoi(line.substr(i, 2), nullptr, 16));
    }
    inputs.push_back(std::move(input));
  }
  return inputs;
}

std::vector<std::string> vectors() {
  std::ifstream file(WAYPOST_TESTS_FOLDER "/vectors/statements.json");
  std::vector<std::string> statements;
  for (const auto& entry : nlohmann::ordered_json::parse(file)) {
    statements.push_back(entry["statement"].dump());
  }
  return statements;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(fuzz_corpora)

BOOST_AUTO_TEST_CASE(every_target_keeps_its_promises_about_its_corpus) {
  for (const fuzz::Target& target : fuzz::targets()) {
    const auto inputs = corpus(target.name);
    BOOST_TEST(inputs.size() > 10U, target.name);
    for (const std::string& input : inputs) target.run(input);
  }
}

BOOST_AUTO_TEST_CASE(every_target_keeps_its_promises_about_the_statement_vectors) {
  for (const std::string& statement : vectors()) {
    const std::string list = "[" + statement + "," + statement + "]";
    const std::string body =
        R"({"v":1,"nonce":"n","sent_ms":1,"offset_ms":0,"kind":"statements","entries":)" + list +
        "}";
    fuzz::read_json(statement);
    fuzz::validate_statement(statement);
    for (const char choice : {'\0', '\x1f', '\x60', '\xa3', '\xff'}) {
      fuzz::stamp_statement(choice + statement);
    }
    fuzz::split_list(list);
    fuzz::complete_event(statement);
    fuzz::read_post_body(body);
  }
}

BOOST_AUTO_TEST_SUITE_END()
