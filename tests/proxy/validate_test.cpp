#include <string>
#include <vector>

#include <nlohmann/json.hpp>

#include <boost/test/unit_test.hpp>

#include "proxy/relay_process.hpp"
#include "waypost/limits.hpp"

namespace {

using nlohmann::json;
using waypost::tests::Finished;
using waypost::tests::run_relay;

const std::string kValid =
    R"({"actor":{"mbox":"mailto:a@b.example"},"verb":{"id":"http://x.example/did"},)"
    R"("object":{"id":"http://x.example/it"}})";
const std::string kNoVerb =
    R"({"actor":{"mbox":"mailto:a@b.example"},"object":{"id":"http://x.example/it"}})";

std::vector<json> lines(const Finished& finished) {
  std::vector<json> all;
  std::size_t at = 0;
  while (at < finished.output.size()) {
    const auto end = finished.output.find('\n', at);
    all.push_back(json::parse(finished.output.substr(at, end - at)));
    at = end + 1;
  }
  return all;
}

// Checks that the statements of the input are found valid or not, in order.
void check(const std::string& input, const std::vector<bool>& valid) {
  const Finished finished = run_relay({"validate"}, input);
  const bool all = std::find(valid.begin(), valid.end(), false) == valid.end();
  const std::string shown = input.substr(0, 200);
  BOOST_CHECK_MESSAGE(finished.exit_code == (all ? 0 : 1), finished.exit_code << " for " << shown);
  const auto printed = lines(finished);
  BOOST_REQUIRE_MESSAGE(printed.size() == valid.size(), printed.size() << " lines for " << shown);
  for (std::size_t i = 0; i < valid.size(); ++i) {
    BOOST_CHECK_EQUAL(printed[i]["index"], i);
    BOOST_CHECK_MESSAGE(printed[i]["valid"] == valid[i], i << " of " << shown);
    BOOST_CHECK_EQUAL(printed[i]["violations"].empty(), valid[i]);
  }
}

}  // namespace

BOOST_AUTO_TEST_SUITE(validate_command)

BOOST_AUTO_TEST_CASE(prints_the_line_that_is_promised) {
  BOOST_CHECK_EQUAL(run_relay({"validate"}, kValid).output,
                    "{\"index\":0,\"valid\":true,\"violations\":[]}\n");
}

BOOST_AUTO_TEST_CASE(takes_one_an_array_or_one_a_line) {
  check(kValid, {true});
  check(json::parse(kValid).dump(2), {true});
  check(json::parse(kNoVerb).dump(2) + "\n", {false});
  check("[]", {});
  check(" [" + kValid + ",\n" + kNoVerb + " , " + kValid + "]\n", {true, false, true});
  check(kValid + "\n" + kNoVerb + "\r\n\n" + kValid, {true, false, true});
  check(kValid + "\n{broken\n" + kValid + "\n", {true, false, true});
  check("{broken\n" + kValid + "\n", {false, true});
}

BOOST_AUTO_TEST_CASE(goes_on_as_far_as_a_broken_array_can_be_read) {
  check("[" + kValid + ",{broken," + kValid + "]", {true, false});
  check("[" + kValid, {true, false});
  check("[" + kValid + " " + kValid + "]", {true, false});
  check("[" + kValid + "] " + kValid, {true, false});
  check("{\"a\":", {false});
  check("5", {false});
}

BOOST_AUTO_TEST_CASE(a_long_input_is_read_in_pieces) {
  std::string array = "[";
  std::string all_lines;
  std::vector<bool> valid;
  for (int i = 0; i < 20'000; ++i) {
    const bool right = i % 1000 != 7;
    array += (i > 0 ? ",\n  " : "") + (right ? kValid : kNoVerb);
    all_lines += (right ? kValid : kNoVerb) + "\n";
    valid.push_back(right);
  }
  check(array + "]", valid);
  check(all_lines, valid);
}

BOOST_AUTO_TEST_CASE(one_that_is_too_large_is_said_to_be) {
  const std::string large = R"({"a":")" + std::string(3 * waypost::limits::kMiB, 'x') + "\"}";
  for (const std::string& input : {large, large + "\n" + kValid + "\n", "[" + large + "]"}) {
    const Finished finished = run_relay({"validate"}, input);
    BOOST_CHECK_EQUAL(finished.exit_code, 1);
    BOOST_CHECK_EQUAL(lines(finished).at(0)["violations"][0]["rule"], "statement.too-large");
  }
}

BOOST_AUTO_TEST_CASE(the_version_decides) {
  const std::string statement = kValid.substr(0, kValid.size() - 1) +
                                R"(,"context":{"contextAgents":[{"objectType":"contextAgent",)"
                                R"("agent":{"mbox":"mailto:a@b.example"}}]}})";
  BOOST_CHECK_EQUAL(run_relay({"validate", "--version", "1.0.3"}, statement).exit_code, 1);
  BOOST_CHECK_EQUAL(run_relay({"validate", "--version", "2.0.0"}, statement).exit_code, 0);
}

BOOST_AUTO_TEST_CASE(wrong_use_is_told_from_invalid_statements) {
  for (const std::vector<std::string>& arguments :
       {std::vector<std::string>{"validate", "/no/such/file"},
        {"validate", "--version", "3"},
        {"validate", "/"},
        {},
        {"fly"}}) {
    const Finished finished = run_relay(arguments);
    BOOST_CHECK_EQUAL(finished.exit_code, 2);
    BOOST_CHECK(!finished.complaints.empty());
  }
  BOOST_CHECK_EQUAL(run_relay({"validate"}, "  \n").exit_code, 2);
  BOOST_CHECK_EQUAL(run_relay({"--help"}).exit_code, 0);
}

BOOST_AUTO_TEST_SUITE_END()
