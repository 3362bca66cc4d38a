#include <chrono>
#include <csignal>
#include <fstream>
#include <iterator>
#include <set>
#include <string>
#include <thread>

#include <nlohmann/json.hpp>

#include <boost/test/unit_test.hpp>

#include "proxy/raw_client.hpp"
#include "proxy/relay_process.hpp"
#include "proxy/running_lrs.hpp"

namespace {

using namespace waypost::tests;
namespace practice = waypost::practice;
using nlohmann::json;

const std::string kOrigin = "Origin: " + std::string(kCourseOrigin) + "\r\n";
const std::string kPostHead = kOrigin + "Content-Type: text/plain;charset=UTF-8\r\n";
const std::string kXapiHead =
    kOrigin + "Content-Type: application/json\r\nX-Experience-API-Version: 1.0.3\r\n";
const std::string kStatements = "/waypost/xapi/statements";

json fixture() {
  std::ifstream stream(WAYPOST_TESTS_FOLDER "/fixtures/post_protocol.json");
  return json::parse(stream);
}

// The names of an object's members.
std::set<std::string> names(const json& object) {
  std::set<std::string> found;
  for (const auto& [name, value] : object.items()) found.insert(name);
  return found;
}

// Takes the credential that the relay has, and no other.
practice::Options lrs_options() {
  practice::Options options;
  options.api_key = "key";
  options.api_secret = kCanarySecret;
  return options;
}

// A relay that runs, the LRS that it sends to, and a connection to it.
struct Setting {
  RunningLrs lrs{lrs_options()};
  RelayProcess relay{lrs.url()};

  Setting() { relay.start(); }

  RawAnswer post(const json& envelope, const std::string& head = kPostHead) const {
    return RawClient(relay.port())
        .ask(request_text("POST", "/waypost/post", head, envelope.dump()));
  }

  RawAnswer xapi(const std::string& body, const std::string& head = kXapiHead,
                 const std::string& target = kStatements,
                 const std::string& method = "POST") const {
    return RawClient(relay.port()).ask(request_text(method, target, head, body));
  }
};

json envelope(const json& entries, const std::string& kind = "statements") {
  json made = fixture()["request_statements"];
  made["kind"] = kind;
  made["entries"] = entries;
  return made;
}

std::string code_of(const RawAnswer& answer) {
  const auto body = json::parse(answer.body, nullptr, false);
  if (!body.is_object() || !body.contains("error")) return answer.body;
  return body["error"]["code"];
}

// A statement with the nth id that a learner of the relay did.
json statement(std::size_t n) {
  json made = fixture()["request_statements"]["entries"][0];
  made["id"] = statement_id(n);
  return made;
}

std::string metrics(const RelayProcess& relay) {
  return RawClient(relay.private_port()).ask("GET /metrics HTTP/1.1\r\nHost: h\r\n\r\n").body;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(relay)

BOOST_AUTO_TEST_CASE(the_fixtures_requests_are_accepted_and_reach_the_lrs) {
  const Setting setting;
  for (const char* name : {"request_statements", "request_events"}) {
    const json request = fixture()[name];
    const RawAnswer answer = setting.post(request);
    BOOST_CHECK_EQUAL(answer.status, 200);
    BOOST_CHECK_EQUAL(answer.header("content-type"), "application/json");
    BOOST_CHECK_EQUAL(answer.header("access-control-allow-origin"), kCourseOrigin);
    const json body = json::parse(answer.body);
    BOOST_CHECK(names(body) == names(fixture()["answer"]));
    BOOST_CHECK_EQUAL(body["nonce"], request["nonce"]);
    json ids = json::array();
    for (const json& entry : request["entries"]) ids.push_back(entry["id"]);
    BOOST_CHECK_EQUAL(body["accepted"], ids);
    BOOST_CHECK(json::parse(setting.post(request).body)["duplicate"] == body["accepted"]);
  }
  BOOST_CHECK_EQUAL(setting.lrs.statements(3)["statements"].size(), 3U);
}

BOOST_AUTO_TEST_CASE(every_entry_of_a_post_is_for_itself) {
  const Setting setting;
  json invalid = statement(1);
  invalid["result"]["score"]["scaled"] = 2;
  json other = statement(0);
  other["verb"]["id"] = "http://adlnet.gov/expapi/verbs/passed";
  json body = json::parse(
      setting
          .post(envelope(json::array({statement(0), invalid, statement(0), other, statement(2)})))
          .body);
  BOOST_CHECK_EQUAL(body["accepted"], json::array({statement_id(0), statement_id(2)}));
  BOOST_CHECK(body["duplicate"].empty());
  BOOST_REQUIRE_EQUAL(body["rejected"].size(), 2U);
  BOOST_CHECK(names(body["rejected"][0]) == names(fixture()["answer"]["rejected"][0]));
  BOOST_CHECK_EQUAL(body["rejected"][0]["id"], statement_id(1));
  BOOST_CHECK_EQUAL(body["rejected"][0]["index"], 1);
  BOOST_CHECK_EQUAL(body["rejected"][0]["kept"], false);
  BOOST_CHECK_EQUAL(body["rejected"][0]["violations"][0]["path"], "/result/score/scaled");
  BOOST_CHECK_EQUAL(body["rejected"][1]["violations"][0]["rule"], "statement.conflict");

  body = json::parse(setting.post(envelope(json::array({other, statement(2), statement(3)}))).body);
  BOOST_CHECK_EQUAL(body["accepted"], json::array({statement_id(3)}));
  BOOST_CHECK_EQUAL(body["duplicate"], json::array({statement_id(2)}));
  BOOST_CHECK_EQUAL(body["rejected"][0]["violations"][0]["rule"], "statement.conflict");
  BOOST_CHECK_EQUAL(setting.lrs.statements(3)["statements"].size(), 3U);
}

BOOST_AUTO_TEST_CASE(an_empty_post_and_an_all_invalid_one_are_answered) {
  const Setting setting;
  BOOST_CHECK(json::parse(setting.post(envelope(json::array())).body)["accepted"].empty());
  const json body = json::parse(setting.post(envelope(json::array({5, json::object()}))).body);
  BOOST_CHECK_EQUAL(body["rejected"].size(), 2U);
}

BOOST_AUTO_TEST_CASE(posts_are_refused_with_a_reason) {
  const Setting setting;
  json ticket = envelope(json::array({statement(0)}));
  ticket["ticket"] = "someone";
  json many = envelope(json::array());
  for (int i = 0; i < 101; ++i) many["entries"].push_back(statement(0));
  const std::string type = "Content-Type: text/plain\r\n";
  const json good = envelope(json::array({statement(0)}));
  const auto check = [](const RawAnswer& answer, int status, const std::string& code) {
    BOOST_CHECK_EQUAL(answer.status, status);
    BOOST_CHECK_EQUAL(code_of(answer), code);
    BOOST_CHECK_EQUAL(answer.header("content-type"), "application/json");
    const auto body = json::parse(answer.body);
    BOOST_CHECK(names(body) == names(fixture()["error"]));
    BOOST_CHECK(names(body["error"]) == names(fixture()["error"]["error"]));
    return answer;
  };
  check(setting.post(ticket), 401, "ticket-unknown");
  check(setting.post(many), 413, "too-many");
  check(setting.post({{"v", 1}}), 400, "bad-request");
  check(setting.post(good, type), 403, "not-allowed");
  const auto foreign =
      check(setting.post(good, type + "Origin: https://evil.example\r\n"), 403, "not-allowed");
  BOOST_CHECK_EQUAL(foreign.header("access-control-allow-origin"), "");
  BOOST_CHECK_EQUAL(foreign.header("vary"), "Origin");
  check(setting.post(good, type + "Origin: null\r\n"), 403, "not-allowed");
  check(setting.post(good, kOrigin), 415, "unsupported-media");
  check(setting.post(good, kOrigin + "Content-Type: application/json\r\n"), 415,
        "unsupported-media");
  check(setting.post(good, kOrigin + "Content-Type: text/plain; charset=latin1\r\n"), 415,
        "unsupported-media");
  check(setting.post(good, kPostHead + "Content-Encoding: gzip\r\n"), 415, "unsupported-media");
  const std::string large(600'000, ' ');
  const auto too_large = check(
      RawClient(setting.relay.port()).ask(request_text("POST", "/waypost/post", kPostHead, large)),
      413, "too-large");
  BOOST_CHECK_EQUAL(too_large.header("access-control-allow-origin"), kCourseOrigin);
  const std::string deep =
      R"({"v":1,"nonce":"k3J9xq0aT5Wb1m2c","kind":"events","entries":[)" + std::string(1000, '[');
  check(RawClient(setting.relay.port()).ask(request_text("POST", "/waypost/post", kPostHead, deep)),
        400, "malformed-json");
}

BOOST_AUTO_TEST_CASE(paths_and_methods_lead_where_they_should) {
  const Setting setting;
  RawClient client(setting.relay.port());
  const auto status = [&](const std::string& method, const std::string& target) {
    RawClient one(setting.relay.port());
    one.send(method + " " + target + " HTTP/1.1\r\nHost: h\r\n" + kOrigin + "\r\n");
    const RawAnswer answer = one.read(method == "HEAD");
    return std::to_string(answer.status) + " " + answer.header("allow");
  };
  BOOST_CHECK_EQUAL(status("GET", "/"), "404 ");
  BOOST_CHECK_EQUAL(status("GET", "/waypostpost"), "404 ");
  BOOST_CHECK_EQUAL(status("GET", "/waypost/healthz"), "404 ");
  BOOST_CHECK_EQUAL(status("GET", "/waypost/post"), "405 POST, OPTIONS");
  BOOST_CHECK_EQUAL(status("HEAD", "/waypost/post"), "405 POST, OPTIONS");
  BOOST_CHECK_EQUAL(status("BREW", "/waypost/post"), "405 POST, OPTIONS");
  BOOST_CHECK_EQUAL(status("GET", "/waypost/p%6Fst/"), "405 POST, OPTIONS");
  BOOST_CHECK_EQUAL(status("GET", "http://h/waypost/o/first-aid/post"), "405 POST, OPTIONS");
  BOOST_CHECK_EQUAL(status("GET", "/waypost/o/other/post"), "404 ");
  BOOST_CHECK_EQUAL(status("GET", "/waypost/po%2Gst"), "404 ");
  BOOST_CHECK_EQUAL(status("GET", "/waypost/xapi/statements"), "405 POST, PUT, OPTIONS");
  BOOST_CHECK_EQUAL(status("GET", "/waypost/xapi/activities/state"), "405 OPTIONS");
  BOOST_CHECK_EQUAL(status("GET", "/waypost/assets/../relay.toml"), "404 ");
  BOOST_CHECK_EQUAL(status("GET", "/waypost/assets/..%2Frelay.toml"), "404 ");
}

BOOST_AUTO_TEST_CASE(every_answer_below_xapi_names_the_version) {
  const Setting setting;
  for (const std::string target :
       {"statements", "statements?limit=1", "activities/state", "agents/profile", "about"}) {
    const RawAnswer answer =
        RawClient(setting.relay.port())
            .ask("GET /waypost/xapi/" + target + " HTTP/1.1\r\nHost: h\r\n" + kOrigin + "\r\n");
    BOOST_TEST(answer.header("x-experience-api-version") == "1.0.3", target);
  }
}

BOOST_AUTO_TEST_CASE(preflights_tell_allowed_origins_what_they_may_do) {
  const Setting setting;
  const auto preflight = [&](const std::string& origin, const std::string& target) {
    return RawClient(setting.relay.port())
        .ask("OPTIONS " + target + " HTTP/1.1\r\nHost: h\r\nOrigin: " + origin +
             "\r\nAccess-Control-Request-Method: POST\r\n\r\n");
  };
  const RawAnswer allowed = preflight(std::string(kCourseOrigin), kStatements);
  BOOST_CHECK_EQUAL(allowed.status, 204);
  BOOST_CHECK_EQUAL(allowed.header("access-control-allow-origin"), kCourseOrigin);
  BOOST_CHECK(allowed.header("access-control-allow-headers").find("X-Experience-API-Version") !=
              std::string::npos);
  BOOST_CHECK(!allowed.header("access-control-max-age").empty());
  BOOST_CHECK_EQUAL(allowed.header("vary"), "Origin");
  const RawAnswer refused = preflight("https://evil.example", kStatements);
  BOOST_CHECK_EQUAL(refused.status, 403);
  BOOST_CHECK_EQUAL(refused.header("access-control-allow-origin"), "");
}

BOOST_AUTO_TEST_CASE(it_takes_statements_as_an_lrs_does) {
  const Setting setting;
  const RawAnswer answer = setting.xapi(json::array({statement(0), statement(1)}).dump());
  BOOST_CHECK_EQUAL(answer.status, 200);
  BOOST_CHECK_EQUAL(answer.header("x-experience-api-version"), "1.0.3");
  BOOST_CHECK_EQUAL(answer.header("content-type"), "application/json");
  BOOST_CHECK(json::parse(answer.body) == json::array({statement_id(0), statement_id(1)}));
  BOOST_CHECK_EQUAL(setting.xapi(statement(0).dump()).body, json::array({statement_id(0)}).dump());

  json bare = statement(2);
  bare.erase("id");
  bare.erase("timestamp");
  bare["actor"] = {{"mbox", "mailto:ada@example.org"}};
  const std::string given = json::parse(setting.xapi(bare.dump()).body)[0];
  BOOST_CHECK_EQUAL(given.size(), 36U);
  const json stored = setting.lrs.statements(3)["statements"];
  BOOST_CHECK_EQUAL(stored.size(), 3U);
  BOOST_CHECK(stored.dump().find("mailto:") == std::string::npos);
  BOOST_CHECK(stored.dump().find(given) != std::string::npos);
}

BOOST_AUTO_TEST_CASE(it_takes_a_statement_by_put) {
  const Setting setting;
  const std::string target = kStatements + "?statementId=" + statement_id(4);
  json bare = statement(4);
  bare.erase("id");
  bare["timestamp"] = "2026-11-23T08:00:00Z";
  const RawAnswer answer = setting.xapi(bare.dump(), kXapiHead, target, "PUT");
  BOOST_CHECK_EQUAL(answer.status, 204);
  BOOST_CHECK_EQUAL(answer.header("content-length"), "");
  BOOST_CHECK_EQUAL(setting.xapi(bare.dump(), kXapiHead, target, "PUT").status, 204);
  BOOST_CHECK_EQUAL(setting.xapi(statement(5).dump(), kXapiHead, target, "PUT").status, 400);
  BOOST_CHECK_EQUAL(setting.xapi("[]", kXapiHead, target, "PUT").status, 400);
  for (const std::string& query :
       {std::string(), std::string("?statementId=5"), "?statementID=" + statement_id(4)}) {
    BOOST_CHECK_EQUAL(setting.xapi(bare.dump(), kXapiHead, kStatements + query, "PUT").status, 400);
  }
}

BOOST_AUTO_TEST_CASE(an_lrs_request_is_all_or_nothing) {
  const Setting setting;
  json wrong = statement(1);
  wrong["actor"] = json::object();
  const RawAnswer refused = setting.xapi(json::array({statement(0), wrong}).dump());
  BOOST_CHECK_EQUAL(refused.status, 400);
  const json body = json::parse(refused.body);
  BOOST_CHECK(names(body["statements"][0]) == names(fixture()["error"]["statements"][0]));
  BOOST_CHECK_EQUAL(body["error"]["message"], fixture()["error"]["error"]["message"]);
  BOOST_CHECK_EQUAL(body["statements"][0]["index"], 1);
  BOOST_CHECK_EQUAL(code_of(setting.xapi(json::array({statement(0), statement(0)}).dump())),
                    "duplicate-in-batch");
  BOOST_CHECK_EQUAL(setting.xapi(statement(2).dump()).status, 200);
  json other = statement(2);
  other["verb"]["id"] = "http://adlnet.gov/expapi/verbs/passed";
  const RawAnswer conflict = setting.xapi(json::array({statement(3), other}).dump());
  BOOST_CHECK_EQUAL(conflict.status, 409);
  BOOST_CHECK_EQUAL(json::parse(conflict.body)["statements"][0]["index"], 1);
  // Nothing of what was refused is known.
  BOOST_CHECK_EQUAL(setting.xapi(json::array({statement(0), statement(3)}).dump()).status, 200);
  const std::string text = metrics(setting.relay);
  BOOST_CHECK(text.find("result=\"accepted\"} 3") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(lrs_requests_are_refused_with_a_reason) {
  const Setting setting;
  const std::string good = statement(0).dump();
  const std::string type = "Content-Type: application/json\r\n";
  const std::string version = "X-Experience-API-Version: 1.0.3\r\n";
  BOOST_CHECK_EQUAL(setting.xapi(good, kOrigin + type).status, 400);
  BOOST_CHECK_EQUAL(
      setting.xapi(good, kOrigin + type + "X-Experience-API-Version: 0.95\r\n").status, 400);
  BOOST_CHECK_EQUAL(
      setting.xapi(good, kOrigin + type + "X-Experience-API-Version: 2.0.0\r\n").status, 400);
  BOOST_CHECK_EQUAL(setting.xapi(good, kOrigin + type + "X-Experience-API-Version: 1.0\r\n").status,
                    200);
  BOOST_CHECK_EQUAL(setting.xapi(good, type + version).status, 403);
  for (const std::string media : {"multipart/mixed; boundary=x", "text/plain", "application/jsonx",
                                  "application/json; charset=utf-16"}) {
    BOOST_CHECK_EQUAL(
        code_of(setting.xapi(good, kOrigin + version + "Content-Type: " + media + "\r\n")),
        "unsupported-media");
  }
  BOOST_CHECK_EQUAL(setting.xapi(good, kXapiHead, kStatements + "?x=1").status, 400);
  BOOST_CHECK_EQUAL(code_of(setting.xapi("{\"id\":")), "malformed-json");
  BOOST_CHECK_EQUAL(code_of(setting.xapi("[]")), "statement-invalid");
  BOOST_CHECK_EQUAL(code_of(setting.xapi("[" + std::string(1000, '['))), "malformed-json");
  std::string many = "[{}";
  for (int i = 0; i < 1000; ++i) many += ",{}";
  BOOST_CHECK_EQUAL(setting.xapi(many + "]").status, 413);
  BOOST_CHECK_EQUAL(setting.xapi(std::string(4'200'000, ' ')).status, 413);
}

BOOST_AUTO_TEST_CASE(the_private_listener_tells_how_the_relay_is) {
  const Setting setting;
  setting.post(envelope(json::array({statement(0)})));
  BOOST_CHECK_EQUAL(setting.lrs.statements(1)["statements"].size(), 1U);
  RawClient client(setting.relay.private_port());
  const auto get = [&](const std::string& path) {
    return client.ask("GET " + path + " HTTP/1.1\r\nHost: h\r\n\r\n");
  };
  BOOST_CHECK_EQUAL(get("/healthz").status, 200);
  BOOST_CHECK_EQUAL(get("/readyz").status, 200);
  BOOST_CHECK_EQUAL(get("/else").status, 404);
  std::string text;
  // An answer of the LRS is counted a moment after it has stored.
  do {
    text = get("/metrics").body;
  } while (text.find("waypost_lrs_requests_total{") == std::string::npos);
  for (const char* line :
       {"waypost_ingest_requests_total{code=\"200\"} 1", "waypost_ledger_imbalance{",
        "waypost_queue_statements{", "waypost_commit_seconds_count 1",
        "waypost_destination_condition{condition=\"outage\"",
        "waypost_destination_condition{condition=\"blocked\""}) {
    BOOST_CHECK_MESSAGE(text.find(line) != std::string::npos, line);
  }
  // The public listener has none of it.
  BOOST_CHECK_EQUAL(
      RawClient(setting.relay.port()).ask("GET /metrics HTTP/1.1\r\nHost: h\r\n\r\n").status, 404);
}

BOOST_AUTO_TEST_CASE(what_was_acknowledged_survives_a_kill_and_is_delivered) {
  RunningLrs lrs{lrs_options()};
  lrs.order_fault(R"({"status":503})");
  RelayProcess relay(lrs.url());
  relay.start();
  const std::string post = request_text("POST", "/waypost/post", kPostHead,
                                        envelope(json::array({statement(0)})).dump());
  BOOST_CHECK_EQUAL(RawClient(relay.port()).ask(post).status, 200);
  BOOST_CHECK_EQUAL(relay.end(SIGKILL), -SIGKILL);
  relay.start();
  const json again = json::parse(RawClient(relay.port()).ask(post).body);
  BOOST_CHECK_EQUAL(again["duplicate"].size(), 1U);
  lrs.end_fault();
  BOOST_CHECK_EQUAL(lrs.statements(1)["statements"].size(), 1U);
}

BOOST_AUTO_TEST_CASE(it_stops_when_it_is_told_to) {
  RunningLrs lrs{lrs_options()};
  RelayProcess relay(lrs.url());
  relay.start();
  RawClient idle(relay.port());
  BOOST_CHECK_EQUAL(idle.ask("GET / HTTP/1.1\r\nHost: h\r\n\r\n").status, 404);
  BOOST_CHECK_EQUAL(relay.end(SIGTERM), 0);
  BOOST_CHECK(idle.is_closed());
  BOOST_CHECK(relay.log().find("\"stopped\"") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(no_secret_and_no_body_is_ever_told) {
  RunningLrs lrs{lrs_options()};
  lrs.order_fault(R"({"status":401})");
  RelayProcess relay(lrs.url());
  relay.start();
  const std::string answers =
      RawClient(relay.port())
          .ask(request_text("POST", "/waypost/post?q=canary-query", kPostHead,
                            envelope(json::array({statement(0), 5})).dump()))
          .body;
  while (relay.log().find("destination in trouble") == std::string::npos) {
    std::this_thread::sleep_for(std::chrono::milliseconds(10));
  }
  const std::string all = answers + metrics(relay);
  relay.end(SIGTERM);
  for (const std::string& secret : {std::string(kCanarySecret), std::string("canary-query")}) {
    BOOST_CHECK(all.find(secret) == std::string::npos);
    BOOST_CHECK(relay.log().find(secret) == std::string::npos);
  }
  BOOST_CHECK(relay.log().find("self-declared") == std::string::npos);
}

BOOST_AUTO_TEST_CASE(what_keeps_it_from_starting_is_one_sentence) {
  RunningLrs lrs{lrs_options()};
  RelayProcess relay(lrs.url());
  relay.start();
  const std::string file = (relay.folder() / "relay.toml").string();
  const Finished second = run_relay({"serve", "--config", file});
  BOOST_CHECK_EQUAL(second.exit_code, 1);
  BOOST_CHECK(second.complaints.find("waypost-relay: the store cannot be opened") !=
              std::string::npos);
  const Finished none = run_relay({"serve", "--config", "/no/such/relay.toml"});
  BOOST_CHECK_EQUAL(none.exit_code, 2);
}

BOOST_AUTO_TEST_SUITE_END()
