#include <filesystem>
#include <fstream>
#include <string>

#include <nlohmann/json.hpp>

#include <boost/test/unit_test.hpp>

#include "proxy/running_lrs.hpp"
#include "proxy/temporary_folder.hpp"

// The other suites believe what the practice LRS says; this one does not.
namespace {

using waypost::TemporaryFolder;
using waypost::practice::Options;
using waypost::tests::RunningLrs;
using waypost::tests::statement_id;
using waypost::tests::statement_text;
using Json = nlohmann::json;

std::string with(std::string text, const std::string& part, const std::string& other) {
  return text.replace(text.find(part), part.size(), other);
}

std::string ids(std::initializer_list<std::size_t> numbers) {
  Json list = Json::array();
  for (const std::size_t n : numbers) list.push_back(statement_id(n));
  return list.dump();
}

std::string statement(std::size_t n) {
  return statement_text(statement_id(n));
}

std::string list_of(std::initializer_list<std::size_t> numbers) {
  std::string list;
  for (const std::size_t n : numbers) list += (list.empty() ? "[" : ",") + statement(n);
  return list + "]";
}

}  // namespace

BOOST_AUTO_TEST_SUITE(practice_lrs)

BOOST_AUTO_TEST_CASE(stores_one_statement_or_many) {
  const RunningLrs lrs;
  BOOST_TEST(lrs.xapi("POST", "statements", statement(1)).body == ids({1}));
  const auto answered = lrs.xapi("POST", "statements", list_of({2, 3}));
  BOOST_TEST(answered.status == 200U);
  BOOST_TEST(answered.body == ids({2, 3}));
  BOOST_TEST(lrs.xapi("GET", "statements?statementId=" + statement_id(2)).body == statement(2));
  const auto listed = Json::parse(lrs.xapi("GET", "statements?limit=2").body);
  BOOST_TEST(listed.at("statements").size() == 2U);
  BOOST_TEST(listed.at("statements").at(0).at("id") == statement_id(3));
  const std::string more = listed.at("more");
  const auto rest = Json::parse(lrs.xapi("GET", more.substr(std::string("/xapi/").size())).body);
  BOOST_TEST(rest.at("statements").at(0).at("id") == statement_id(1));
  BOOST_TEST(rest.at("more") == "");
}

BOOST_AUTO_TEST_CASE(a_batch_is_stored_whole_or_not_at_all) {
  const RunningLrs lrs;
  const std::string bad = with(statement(2), R"("learner")", "7");
  BOOST_TEST(lrs.xapi("POST", "statements", "[" + statement(1) + "," + bad + "]").status == 400U);
  BOOST_TEST(lrs.xapi("POST", "statements", list_of({1, 1})).status == 400U);
  BOOST_TEST(lrs.xapi("POST", "statements", "[" + statement(1)).status == 400U);
  BOOST_TEST(lrs.statements().at("count") == 0);
}

BOOST_AUTO_TEST_CASE(a_known_id_is_a_repeat_or_a_conflict) {
  const RunningLrs lrs;
  lrs.xapi("POST", "statements", statement(1));
  BOOST_TEST(lrs.xapi("POST", "statements", statement(1)).status == 200U);
  const std::string reworded = with(statement(1), R"( "actor")", R"("actor")");
  BOOST_TEST(lrs.xapi("POST", "statements", "[" + reworded + "]").body == ids({1}));
  const std::string other = with(statement(1), R"("learner")", R"("somebody")");
  BOOST_TEST(lrs.xapi("POST", "statements", "[" + statement(2) + "," + other + "]").status == 409U);
  const auto stored = lrs.statements();
  BOOST_TEST_REQUIRE(stored.at("count") == 1);
  BOOST_TEST(stored.at("statements").at(0).at("text") == statement(1));
  BOOST_TEST(stored.at("statements").at(0).at("sent") == 4);
  BOOST_TEST(stored.at("statements").at(0).at("sent_differently") == 2);
}

BOOST_AUTO_TEST_CASE(the_headers_must_be_right) {
  const RunningLrs lrs;
  const auto status = [&](const std::string& name, const std::string& value) {
    return lrs.xapi("POST", "statements", statement(1), {{name, value}}).status;
  };
  BOOST_TEST(status("Authorization", "Basic Z3Vlc3M6Z3Vlc3M=") == 401U);
  BOOST_TEST(status("Authorization", "") == 401U);
  BOOST_TEST(status("X-Experience-API-Version", "") == 400U);
  BOOST_TEST(status("X-Experience-API-Version", "1.1.0") == 400U);
  BOOST_TEST(status("Content-Type", "text/plain") == 400U);
  BOOST_TEST(status("Content-Type", "multipart/mixed; boundary=x") == 400U);
  BOOST_TEST(lrs.statements().at("count") == 0);
  BOOST_TEST(status("Content-Type", "application/json; charset=UTF-8") == 200U);
  BOOST_TEST(status("X-Experience-API-Version", "2.0.0") == 200U);
}

BOOST_AUTO_TEST_CASE(put_takes_one_statement_under_its_id) {
  const RunningLrs lrs;
  const std::string target = "statements?statementId=" + statement_id(1);
  BOOST_TEST(lrs.xapi("PUT", target, statement(2)).status == 400U);
  BOOST_TEST(lrs.xapi("PUT", target, list_of({1})).status == 400U);
  BOOST_TEST(lrs.xapi("PUT", "statements", statement(1)).status == 400U);
  BOOST_TEST(lrs.xapi("PUT", target, statement(1)).status == 204U);
  BOOST_TEST(lrs.xapi("GET", target).body == statement(1));
}

BOOST_AUTO_TEST_CASE(a_voided_statement_is_found_as_such) {
  const RunningLrs lrs;
  lrs.xapi("POST", "statements", statement(1));
  const std::string voiding = R"({"id":")" + statement_id(2) +
                              R"(","actor":{"mbox":"mailto:admin@example.org"},)"
                              R"("verb":{"id":"http://adlnet.gov/expapi/verbs/voided"},)"
                              R"("object":{"objectType":"StatementRef","id":")" +
                              statement_id(1) + R"("}})";
  BOOST_TEST(lrs.xapi("POST", "statements", voiding).status == 200U);
  BOOST_TEST(lrs.xapi("GET", "statements?statementId=" + statement_id(1)).status == 404U);
  BOOST_TEST(lrs.xapi("GET", "statements?voidedStatementId=" + statement_id(1)).body ==
             statement(1));
  BOOST_TEST(lrs.xapi("GET", "statements?voidedStatementId=" + statement_id(2)).status == 404U);
}

BOOST_AUTO_TEST_CASE(it_accepts_all_when_told_to_and_gives_ids) {
  Options options;
  options.accept_all = true;
  const RunningLrs lrs(options);
  BOOST_TEST(lrs.xapi("POST", "statements", R"({"verb": 1})").status == 200U);
  const auto stored = Json::parse(lrs.xapi("GET", "statements").body).at("statements").at(0);
  BOOST_TEST(stored.at("verb") == 1);
  BOOST_TEST(stored.at("id").get<std::string>().size() == 36U);
}

BOOST_AUTO_TEST_CASE(it_is_full_at_its_bound) {
  Options options;
  options.statements_max = 2;
  const RunningLrs lrs(options);
  lrs.xapi("POST", "statements", list_of({1, 2}));
  BOOST_TEST(lrs.xapi("POST", "statements", statement(3)).status == 507U);
  BOOST_TEST(lrs.xapi("POST", "statements", statement(2)).status == 200U);
}

BOOST_AUTO_TEST_CASE(a_file_keeps_statements_over_a_restart_and_a_torn_line) {
  const TemporaryFolder folder;
  Options options;
  options.store_file = (folder.path() / "statements.jsonl").string();
  {
    const RunningLrs lrs(options);
    lrs.xapi("POST", "statements", list_of({1, 2}));
  }
  std::ofstream(options.store_file, std::ios::app) << R"({"id":"3f8b)";
  {
    const RunningLrs lrs(options);
    BOOST_TEST(lrs.statements().at("statements").at(1).at("text") == statement(2));
    lrs.xapi("POST", "statements", statement(3));
  }
  const RunningLrs lrs(options);
  BOOST_TEST(lrs.statements().at("count") == 3);
}

BOOST_AUTO_TEST_CASE(faults_hit_whom_they_should_as_often_as_ordered) {
  const RunningLrs lrs;
  lrs.order_fault(R"({"status": 503, "count": 2})");
  BOOST_TEST(lrs.xapi("POST", "statements", statement(1)).status == 503U);
  BOOST_TEST(lrs.xapi("GET", "statements").status == 503U);
  BOOST_TEST(lrs.xapi("POST", "statements", statement(1)).status == 200U);
  lrs.order_fault(R"({"poison_verb": "http://adlnet.gov/expapi/verbs/answered"})");
  BOOST_TEST(lrs.xapi("POST", "statements", statement(2)).status == 400U);
  BOOST_TEST(lrs.xapi("POST", "statements", with(statement(2), "answered", "passed")).status ==
             200U);
  lrs.order_fault(R"({"body_bytes_max": 600})");
  BOOST_TEST(lrs.xapi("POST", "statements", list_of({3, 4})).status == 413U);
  BOOST_TEST(lrs.xapi("POST", "statements", statement(3)).status == 200U);
  BOOST_CHECK_THROW(lrs.order_fault(R"({"staus": 503})"), std::runtime_error);
  BOOST_CHECK_THROW(lrs.order_fault("[]"), std::runtime_error);
  BOOST_CHECK_THROW(lrs.order_fault(R"([{"status": 503}, 503])"), std::runtime_error);
  BOOST_TEST(lrs.statements().at("count") == 3);
}

BOOST_AUTO_TEST_CASE(of_several_faults_the_first_that_concerns_a_request_hits_it) {
  const RunningLrs lrs;
  lrs.order_fault(R"([{"poison_verb": "http://adlnet.gov/expapi/verbs/answered", "count": 1},
                      {"method": "POST", "status": 503}, {"method": "GET", "status": 403}])");
  BOOST_TEST(lrs.xapi("POST", "statements", statement(1)).status == 400U);
  BOOST_TEST(lrs.xapi("POST", "statements", statement(1)).status == 503U);
  BOOST_TEST(lrs.xapi("GET", "statements").status == 403U);
}

BOOST_AUTO_TEST_CASE(the_log_holds_no_secret) {
  const RunningLrs lrs;
  lrs.xapi("POST", "statements", statement(1));
  const auto requests = lrs.requests();
  BOOST_TEST_REQUIRE(requests.size() == 1U);
  BOOST_TEST(requests.at(0).at("statements") == 1);
  BOOST_TEST(requests.at(0).at("status") == 200);
  BOOST_TEST(requests.dump().find("cHJhY3RpY2Uta2V5") == std::string::npos);
}

BOOST_AUTO_TEST_SUITE_END()
