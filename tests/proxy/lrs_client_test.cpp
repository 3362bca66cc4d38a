#include "proxy/lrs_client/lrs_client.hpp"

#include <string>
#include <utility>
#include <vector>

#include <boost/test/unit_test.hpp>

#include "proxy/running_lrs.hpp"
#include "proxy/scripted_server.hpp"
#include "waypost/limits.hpp"

namespace {

using namespace waypost;
using delivery::Extent;
using delivery::Failure;
using relay::LrsAnswer;
using relay::LrsClient;
using relay::LrsClientSettings;
using relay::LrsEndpoint;
using tests::RunningLrs;
using tests::ScriptedServer;

constexpr Duration kLongEnough{20'000};

LrsEndpoint endpoint(std::string url) {
  return {std::move(url), "practice-key", relay::Secret("practice-secret")};
}

LrsEndpoint endpoint_at(std::uint16_t port) {
  return endpoint("http://127.0.0.1:" + std::to_string(port) + "/xapi");
}

relay::LrsBatch batch_of(std::size_t first, std::size_t count) {
  relay::LrsBatch batch;
  for (std::size_t n = first; n < first + count; ++n) {
    const std::string id = tests::statement_id(n);
    batch.body += (n == first ? "[" : ",") + tests::statement_text(id);
    batch.ids.push_back(*Uuid::parse(id));
  }
  batch.body += "]";
  return batch;
}

LrsAnswer post(LrsClient& client, const LrsEndpoint& to, relay::LrsBatch batch) {
  std::optional<LrsAnswer> answer;
  client.post(to, std::move(batch), [&](LrsAnswer came) { answer = std::move(came); });
  while (!answer) client.poll(kLongEnough);
  return *answer;
}

LrsAnswer post(const LrsEndpoint& to, const LrsClientSettings& settings = {}) {
  LrsClient client(settings);
  return post(client, to, batch_of(0, 2));
}

}  // namespace

BOOST_AUTO_TEST_SUITE(lrs_client)

BOOST_AUTO_TEST_CASE(stores_a_batch_with_its_bytes) {
  const RunningLrs lrs;
  const LrsAnswer answer = post(endpoint(lrs.url()));
  BOOST_TEST(answer.outcome.status == 200);
  BOOST_TEST((answer.outcome.extent == Extent::Whole));
  const auto stored = lrs.statements(2);
  BOOST_TEST_REQUIRE(stored.at("count") == 2);
  for (std::size_t n = 0; n < 2; ++n) {
    const std::string text = stored.at("statements").at(n).at("text");
    BOOST_TEST(text == tests::statement_text(tests::statement_id(n)));
  }
}

BOOST_AUTO_TEST_CASE(sends_the_headers_of_xapi) {
  const RunningLrs lrs;
  LrsClient client({});
  post(client, endpoint(lrs.url()), batch_of(0, 1));
  post(client, endpoint(lrs.url()), batch_of(1, 1));
  const auto requests = lrs.requests();
  BOOST_TEST_REQUIRE(requests.size() == 2U);
  const auto& headers = requests.at(0).at("headers");
  BOOST_TEST(headers.at("X-Experience-API-Version") == "1.0.3");
  BOOST_TEST(headers.at("Content-Type") == "application/json");
  BOOST_TEST(headers.at("Accept") == "application/json");
  BOOST_TEST(!headers.contains("Accept-Encoding"));
}

BOOST_AUTO_TEST_CASE(many_requests_run_at_once) {
  const RunningLrs slow;
  const RunningLrs quick;
  slow.order_fault(R"({"delay_ms": 600000})");
  LrsClient client({});
  bool slow_answered = false;
  client.post(endpoint(slow.url()), batch_of(0, 1),
              [&](const LrsAnswer&) { slow_answered = true; });
  const LrsAnswer answer = post(client, endpoint(quick.url()), batch_of(0, 1));
  BOOST_TEST((answer.outcome.extent == Extent::Whole));
  BOOST_TEST(!slow_answered);
  BOOST_TEST(client.in_flight() == 1U);
}

BOOST_AUTO_TEST_CASE(a_wrong_secret_is_a_401_with_the_lrs_words) {
  const RunningLrs lrs;
  LrsEndpoint wrong = endpoint(lrs.url());
  wrong.api_secret = relay::Secret("guess");
  const LrsAnswer answer = post(wrong);
  BOOST_TEST(answer.outcome.status == 401);
  BOOST_TEST((answer.outcome.extent == Extent::None));
  BOOST_TEST(answer.text.find("secret is wrong") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(only_an_array_of_sent_ids_means_stored) {
  const RunningLrs lrs;
  const std::string first = tests::statement_id(0);
  const std::string second = tests::statement_id(1);
  const std::string foreign = tests::statement_id(7);
  const auto extent = [&](const std::string& fault) {
    lrs.order_fault(fault);
    return post(endpoint(lrs.url())).outcome.extent;
  };
  const auto json = [&](const std::string& body) {
    return extent(
        nlohmann::json{{"status", 200}, {"content_type", "application/json"}, {"body", body}}
            .dump());
  };
  BOOST_TEST((json("[]") == Extent::Whole));
  BOOST_TEST((json("[\"" + second + "\"]") == Extent::Whole));
  BOOST_TEST((json("[\"" + second + "\",\"" + first + "\"]") == Extent::Whole));
  std::string upper = first;
  for (char& letter : upper) letter = static_cast<char>(std::toupper(letter));
  BOOST_TEST((json("[\"" + upper + "\"]") == Extent::Whole));
  BOOST_TEST((extent(R"({"status": 204, "body": ""})") == Extent::Whole));
  BOOST_TEST(
      (extent(
           R"({"status": 200, "content_type": "Application/JSON; charset=utf-8", "body": "[]"})") ==
       Extent::Whole));

  BOOST_TEST((json("[\"" + first + "\",\"" + foreign + "\"]") == Extent::None));
  BOOST_TEST((json("[\"" + first + "\"") == Extent::None));
  BOOST_TEST((json("[\"" + first + "\"] [") == Extent::None));
  BOOST_TEST((json("[[]]") == Extent::None));
  BOOST_TEST((json("[1]") == Extent::None));
  BOOST_TEST((json("{}") == Extent::None));
  BOOST_TEST((json("") == Extent::None));
  BOOST_TEST(
      (extent(R"({"status": 200, "content_type": "text/html", "body": "[]"})") == Extent::None));
  BOOST_TEST((extent(R"({"status": 200, "content_type": "application/jsonp", "body": "[]"})") ==
              Extent::None));
  BOOST_TEST((extent(R"({"status": 201, "content_type": "application/json", "body": "[]"})") ==
              Extent::None));
}

BOOST_AUTO_TEST_CASE(redirects_are_not_followed) {
  const RunningLrs elsewhere;
  const RunningLrs lrs;
  lrs.order_fault(
      nlohmann::json{{"status", 302}, {"location", elsewhere.url() + "statements"}}.dump());
  const LrsAnswer answer = post(endpoint(lrs.url()));
  BOOST_TEST(answer.outcome.status == 302);
  BOOST_TEST((answer.outcome.extent == Extent::None));
  BOOST_TEST(elsewhere.requests().empty());
}

BOOST_AUTO_TEST_CASE(retry_after_is_read) {
  const RunningLrs lrs;
  lrs.order_fault(R"({"status": 503, "retry_after": "7"})");
  const LrsAnswer answer = post(endpoint(lrs.url()));
  BOOST_TEST(answer.outcome.status == 503);
  BOOST_TEST_REQUIRE(answer.outcome.retry_after.has_value());
  BOOST_TEST(answer.outcome.retry_after->ms == 7'000);
}

BOOST_AUTO_TEST_CASE(a_reset_before_or_after_storing_is_no_answer) {
  const RunningLrs lrs;
  lrs.order_fault(R"({"reset": "before"})");
  BOOST_TEST((post(endpoint(lrs.url())).outcome.failure == Failure::Reset));
  BOOST_TEST(lrs.statements().at("count") == 0);
  lrs.order_fault(R"({"reset": "after"})");
  const LrsAnswer answer = post(endpoint(lrs.url()));
  BOOST_TEST((answer.outcome.failure == Failure::Reset));
  BOOST_TEST(answer.outcome.status == 0);
  BOOST_TEST(lrs.statements().at("count") == 2);
}

BOOST_AUTO_TEST_CASE(an_lrs_that_does_not_answer_is_a_timeout) {
  const RunningLrs lrs;
  lrs.order_fault(R"({"delay_ms": 600000})");
  LrsClientSettings settings;
  settings.total_timeout = {200};
  BOOST_TEST((post(endpoint(lrs.url()), settings).outcome.failure == Failure::Timeout));
}

BOOST_AUTO_TEST_CASE(nobody_listening_is_refused) {
  std::uint16_t port = 0;
  {
    const ScriptedServer gone("");
    port = gone.port();
  }
  BOOST_TEST((post(endpoint_at(port)).outcome.failure == Failure::Refused));
}

BOOST_AUTO_TEST_CASE(an_unknown_host_is_a_dns_failure) {
  const LrsAnswer answer = post(endpoint("http://nobody.invalid/xapi/"));
  BOOST_TEST((answer.outcome.failure == Failure::Dns));
}

BOOST_AUTO_TEST_CASE(other_schemes_are_not_spoken) {
  BOOST_TEST((post(endpoint("file:///etc/")).outcome.failure == Failure::Network));
}

BOOST_AUTO_TEST_CASE(an_answer_cut_short_or_no_http_at_all_is_no_answer) {
  const ScriptedServer cut(
      "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n"
      "Content-Length: 100\r\n\r\n[]");
  BOOST_TEST((post(endpoint_at(cut.port())).outcome.failure == Failure::Reset));
  const ScriptedServer silent("");
  BOOST_TEST((post(endpoint_at(silent.port())).outcome.failure == Failure::Reset));
  const ScriptedServer garbage("SSH-2.0-OpenSSH_9.2\r\n");
  BOOST_TEST((post(endpoint_at(garbage.port())).outcome.failure == Failure::Network));
}

BOOST_AUTO_TEST_CASE(a_second_answer_is_not_taken_for_the_next) {
  ScriptedServer server(
      "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 2\r\n\r\n[]",
      ScriptedServer::Then::Stays);
  LrsClient client({});
  const LrsEndpoint to = endpoint_at(server.port());
  for (std::size_t n = 0; n < 3; ++n) {
    BOOST_TEST(post(client, to, batch_of(n, 1)).outcome.status == 200);
    server.say_unasked("HTTP/1.1 204 No Content\r\n\r\n");
  }
}

BOOST_AUTO_TEST_CASE(an_answer_without_end_is_cut_off_and_stores_nothing) {
  const std::string head = "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n\r\n[";
  const ScriptedServer endless(head + std::string(8 * limits::kMiB, ' '));
  const LrsAnswer answer = post(endpoint_at(endless.port()));
  BOOST_TEST(answer.outcome.status == 200);
  BOOST_TEST((answer.outcome.extent == Extent::None));
  BOOST_TEST(answer.text.size() == 4 * limits::kKiB);
}

BOOST_AUTO_TEST_CASE(the_secret_is_in_no_answer) {
  const RunningLrs lrs;
  for (const std::string& url : {lrs.url(), std::string("http://nobody.invalid/"),
                                 std::string("https://127.0.0.1:") + std::to_string(lrs.port())}) {
    LrsEndpoint to = endpoint(url);
    to.api_secret = relay::Secret("canary-secret");
    const LrsAnswer answer = post(to);
    BOOST_TEST(answer.text.find("canary") == std::string::npos);
    BOOST_TEST(answer.text.find("cHJhY3Rp") == std::string::npos);  // the key, in base64
  }
}

BOOST_AUTO_TEST_SUITE_END()
