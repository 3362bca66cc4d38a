// What may wait of one organisation: by the relay's own program, with an LRS that is away.
#include <algorithm>
#include <string>

#include <nlohmann/json.hpp>

#include <boost/test/unit_test.hpp>

#include "proxy/raw_client.hpp"
#include "proxy/relay_process.hpp"
#include "proxy/running_lrs.hpp"

namespace {

using namespace waypost::tests;
using nlohmann::json;

constexpr std::size_t kStatementBytes = 200'000;

// The nth statement, which has about kStatementBytes.
json large_statement(std::size_t n) {
  return {
      {"id", statement_id(n)},
      {"timestamp", "2026-03-01T10:00:00.000Z"},
      {"actor",
       {{"account",
         {{"homePage", std::string(kCourseOrigin) + "/waypost/self-declared"}, {"name", "a"}}}}},
      {"verb", {{"id", "http://adlnet.gov/expapi/verbs/completed"}}},
      {"object", {{"id", "https://example.org/course"}}},
      {"result", {{"response", std::string(kStatementBytes, 'x')}}}};
}

RawAnswer post(const RelayProcess& relay, std::size_t n) {
  const json envelope = {
      {"v", 1},         {"nonce", "0123456789abcdef"}, {"sent_ms", 1},
      {"offset_ms", 0}, {"kind", "statements"},        {"entries", {large_statement(n)}}};
  const std::string head =
      "Origin: " + std::string(kCourseOrigin) + "\r\nContent-Type: text/plain\r\n";
  return RawClient(relay.port()).ask(request_text("POST", "/waypost/post", head, envelope.dump()));
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
  RawAnswer answer = post(relay, accepted);
  for (; answer.status == 200 && accepted <= kRoom / kStatementBytes;
       answer = post(relay, accepted)) {
    ++accepted;
  }
  BOOST_TEST(accepted == kRoom / (kStatementBytes + 400));  // what is beside the response
  BOOST_REQUIRE(answer.status == 507);
  BOOST_TEST(json::parse(answer.body)["error"]["code"] == "queue-full");
  BOOST_TEST(answer.header("retry-after") == "60");
  BOOST_TEST(post(relay, 0).status == 200);  // it knows what it has

  set_queue_bytes_max(relay, 2 * kRoom);
  relay.reload();
  BOOST_TEST(post(relay, accepted).status == 200);
}

BOOST_AUTO_TEST_SUITE_END()
