// What may wait of one organisation: by the relay's own program, with an LRS that is away.
#include <algorithm>
#include <string>

#include <nlohmann/json.hpp>

#include <boost/test/unit_test.hpp>

#include "proxy/course_page.hpp"

namespace {

using namespace waypost::tests;
using nlohmann::json;

constexpr std::size_t kStatementBytes = 200'000;

// The nth statement, which has about kStatementBytes.
json large_statement(std::size_t n) {
  json statement = course_statement(n);
  statement["result"]["response"] = std::string(kStatementBytes, 'x');
  return statement;
}

void set_queue_bytes_max(const RelayProcess& relay, std::size_t bytes) {
  const std::string section = "[[organisation.destination]]";
  std::string settings = relay.settings();
  const auto before = settings.find("queue_bytes_max");
  const auto at = settings.find(section);
  settings.replace(std::min(before, at), before < at ? at - before : 0,
                   "queue_bytes_max = " + std::to_string(bytes) + "\n");
  relay.write_settings(settings);
}

}  // namespace

BOOST_AUTO_TEST_SUITE(quota)

BOOST_AUTO_TEST_CASE(a_full_queue_refuses_with_507_and_takes_more_once_it_may) {
  constexpr std::size_t kRoom = std::size_t{16} * 1024 * 1024;
  RelayProcess relay("http://127.0.0.1:1/xapi/");
  set_queue_bytes_max(relay, kRoom);
  relay.start();
  std::size_t accepted = 0;
  RawAnswer answer = post(relay, large_statement(accepted));
  for (; answer.status == 200 && accepted <= kRoom / kStatementBytes;
       answer = post(relay, large_statement(accepted))) {
    ++accepted;
  }
  BOOST_TEST(accepted == kRoom / (kStatementBytes + 400));  // what is beside the response
  BOOST_REQUIRE(answer.status == 507);
  BOOST_TEST(json::parse(answer.body)["error"]["code"] == "queue-full");
  BOOST_TEST(answer.header("retry-after") == "60");
  BOOST_TEST(post(relay, large_statement(0)).status == 200);  // it knows what it has

  set_queue_bytes_max(relay, 2 * kRoom);
  relay.reload();
  BOOST_TEST(post(relay, large_statement(accepted)).status == 200);
}

BOOST_AUTO_TEST_SUITE_END()
