#include <atomic>
#include <condition_variable>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include <boost/test/unit_test.hpp>

#include "proxy/http/server.hpp"
#include "proxy/raw_client.hpp"
#include "waypost/limits.hpp"

namespace {

using namespace waypost::relay;
using waypost::ErrorCode;
using waypost::tests::RawAnswer;
using waypost::tests::RawClient;
using waypost::tests::request_text;

constexpr std::size_t kBodyMax = 200'000;

// Says back what it was sent; /refuse refuses by the head, /fail throws, /wait answers when told.
class Echo final : public Application {
 public:
  Admission admit(const Request& request) override {
    Admission admission;
    if (request.path() == "/refuse") {
      admission.refusal = error_response(403, ErrorCode::NotAllowed, "No.");
      return admission;
    }
    admission.body_bytes_max = kBodyMax;
    admission.handle = [this](const std::shared_ptr<Exchange>& exchange) { handle(exchange); };
    return admission;
  }

  void dress(const Request& /*request*/, Response& refusal) override {
    refusal.add("X-Dressed", "yes");
  }

  void answered(unsigned /*status*/) override { ++answers; }

  void await_waiting() {
    std::unique_lock lock(mutex_);
    arrived_.wait(lock, [&] { return waiting_ != nullptr; });
  }

  // Answers what waits at /wait.
  void release() {
    await_waiting();
    const std::lock_guard lock(mutex_);
    waiting_->respond(text("late"));
    waiting_.reset();
  }

  std::atomic<int> answers{0};

 private:
  static Response text(std::string body) {
    Response response;
    response.content_type = "text/plain";
    response.body = std::move(body);
    return response;
  }

  void handle(const std::shared_ptr<Exchange>& exchange) {
    const std::string_view path = exchange->request().path();
    if (path == "/fail") throw std::runtime_error("on purpose");
    if (path == "/wait") {
      const std::lock_guard lock(mutex_);
      waiting_ = exchange;
      arrived_.notify_one();
      return;
    }
    exchange->respond(text(exchange->request().body));
  }

  std::mutex mutex_;
  std::condition_variable arrived_;
  std::shared_ptr<Exchange> waiting_;
};

struct Running {
  Echo echo;
  Server server;

  explicit Running(std::size_t connections_max = 64, const EdgeTimes& times = {})
      : server(echo, 2, connections_max, times) {
    BOOST_REQUIRE_EQUAL(server.open({"127.0.0.1", 0}), "");
    server.start();
  }
};

bool is_error(const RawAnswer& answer, std::string_view code) {
  return answer.header("content-type") == "application/json" &&
         answer.body.find("\"code\":\"" + std::string(code) + '"') != std::string::npos;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(http_edge)

BOOST_AUTO_TEST_CASE(answers_one_request_after_another) {
  Running running;
  RawClient client(running.server.port());
  for (const std::string body : {"one", "two", ""}) {
    const RawAnswer answer = client.ask(request_text("POST", "/", "", body));
    BOOST_CHECK_EQUAL(answer.status, 200);
    BOOST_CHECK_EQUAL(answer.body, body);
    BOOST_CHECK_EQUAL(answer.header("connection"), "");
    BOOST_CHECK_EQUAL(answer.header("x-content-type-options"), "nosniff");
  }
}

BOOST_AUTO_TEST_CASE(answers_pipelined_requests_in_order) {
  Running running;
  RawClient client(running.server.port());
  std::string all;
  for (int i = 0; i < 50; ++i) all += request_text("POST", "/", "", std::to_string(i));
  client.send(all);
  for (int i = 0; i < 50; ++i) BOOST_CHECK_EQUAL(client.read().body, std::to_string(i));
}

BOOST_AUTO_TEST_CASE(takes_a_request_in_single_bytes) {
  Running running;
  RawClient client(running.server.port());
  for (const char byte : request_text("POST", "/", "", "slow")) client.send({&byte, 1});
  BOOST_CHECK_EQUAL(client.read().body, "slow");
}

BOOST_AUTO_TEST_CASE(takes_large_and_chunked_bodies) {
  Running running;
  RawClient client(running.server.port());
  const std::string large(kBodyMax, 'x');
  BOOST_CHECK(client.ask(request_text("POST", "/", "", large)).body == large);
  const RawAnswer chunked = client.ask(
      "POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n"
      "3\r\nabc\r\n4;extension=1\r\ndefg\r\n0\r\nTrailer: t\r\n\r\n");
  BOOST_CHECK_EQUAL(chunked.body, "abcdefg");
}

BOOST_AUTO_TEST_CASE(answers_head_without_a_body) {
  Running running;
  RawClient client(running.server.port());
  client.send("HEAD / HTTP/1.1\r\nHost: h\r\n\r\n");
  BOOST_CHECK_EQUAL(client.read(true).status, 200);
  BOOST_CHECK_EQUAL(client.ask(request_text("POST", "/", "", "next")).body, "next");
}

BOOST_AUTO_TEST_CASE(says_continue_to_who_waits_for_it) {
  Running running;
  RawClient client(running.server.port());
  client.send("POST / HTTP/1.1\r\nHost: h\r\nExpect: 100-continue\r\nContent-Length: 2\r\n\r\n");
  BOOST_CHECK_EQUAL(client.read().status, 100);
  BOOST_CHECK_EQUAL(client.ask("ok").body, "ok");
  BOOST_CHECK_EQUAL(client.ask(request_text("POST", "/", "Expect: magic\r\n", "x")).status, 417);
}

BOOST_AUTO_TEST_CASE(refuses_a_body_that_is_too_large_in_a_sentence) {
  Running running;
  RawClient announced(running.server.port());
  const RawAnswer answer =
      announced.ask("POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 200001\r\n\r\n");
  BOOST_CHECK_EQUAL(answer.status, 413);
  BOOST_CHECK(is_error(answer, "too-large"));
  BOOST_CHECK(answer.body.find("200000") != std::string::npos);
  BOOST_CHECK_EQUAL(answer.header("x-dressed"), "yes");
  BOOST_CHECK_EQUAL(answer.header("connection"), "close");

  RawClient chunked(running.server.port());
  std::string body = "POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n";
  for (int i = 0; i < 201; ++i) body += "3e8\r\n" + std::string(1000, 'x') + "\r\n";
  BOOST_CHECK_EQUAL(chunked.ask(body).status, 413);
}

// The sender is still sending when it is refused: the answer must not be lost in a reset.
BOOST_AUTO_TEST_CASE(is_heard_by_who_sends_much_too_much) {
  Running running;
  RawClient client(running.server.port());
  client.send("POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 800000\r\n\r\n" +
              std::string(800'000, 'x'));
  BOOST_CHECK_EQUAL(client.read().status, 413);
}

BOOST_AUTO_TEST_CASE(refuses_by_the_head_alone) {
  Running running;
  RawClient with_body(running.server.port());
  const RawAnswer refused = with_body.ask(request_text("POST", "/refuse", "", "body"));
  BOOST_CHECK_EQUAL(refused.status, 403);
  BOOST_CHECK_EQUAL(refused.header("connection"), "close");
  BOOST_CHECK(with_body.is_closed());

  RawClient without(running.server.port());
  BOOST_CHECK_EQUAL(without.ask("GET /refuse HTTP/1.1\r\nHost: h\r\n\r\n").status, 403);
  BOOST_CHECK_EQUAL(without.ask(request_text("POST", "/", "", "next")).body, "next");
}

BOOST_AUTO_TEST_CASE(refuses_heads_that_are_no_http) {
  const std::vector<std::pair<std::string, int>> cases = {
      {"nonsense\r\n\r\n", 400},
      {"GET / HTTP/3.0\r\nHost: h\r\n\r\n", 400},
      {"GET / HTTP/1.1\r\n\r\n", 400},
      {"GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n", 400},
      {"GET / HTTP/1.1\r\nHost: h\r\nbad header\r\n\r\n", 400},
      {"POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n",
       400},
      {"POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\nContent-Length: 1\r\n\r\n",
       400},
      {"POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n", 400},
      {"POST / HTTP/1.1\r\nHost: h\r\nContent-Length: -1\r\n\r\n", 400},
      {"POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: gzip\r\n\r\n", 400},
      {"POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked, gzip\r\n\r\n", 400},
      {"POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: \r\n\r\n", 400},
      {"POST / HTTP/1.0\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n", 400},
      {"POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n", 400},
      {"GET / HTTP/1.1\r\nHost: h\r\nX: " + std::string(20'000, 'x') + "\r\n\r\n", 431},
      {"GET /" + std::string(5'000, 'x') + " HTTP/1.1\r\nHost: h\r\n\r\n", 400},
  };
  Running running;
  for (const auto& [text, status] : cases) {
    RawClient client(running.server.port());
    const RawAnswer answer = client.ask(text);
    BOOST_CHECK_MESSAGE(answer.status == status, answer.status << " for " << text.substr(0, 100));
    BOOST_CHECK_EQUAL(answer.header("connection"), "close");
    BOOST_CHECK_EQUAL(answer.header("content-type"), "application/json");
    BOOST_CHECK_MESSAGE(client.is_closed(), text.substr(0, 100));
  }
}

BOOST_AUTO_TEST_CASE(refuses_many_small_headers_in_many_pieces) {
  Running running;
  RawClient client(running.server.port());
  client.send("GET / HTTP/1.1\r\nHost: h\r\n");
  for (int i = 0; i < 400; ++i) client.send("X-Header: " + std::string(40, 'x') + "\r\n");
  BOOST_CHECK_EQUAL(client.ask("\r\n").status, 431);
}

BOOST_AUTO_TEST_CASE(does_not_wait_for_slow_heads_and_bodies_for_ever) {
  EdgeTimes times;
  times.head_ms = 1;
  times.body_stall_ms = 1;
  Running running(64, times);
  RawClient silent(running.server.port());
  BOOST_CHECK(silent.is_closed());
  RawClient head(running.server.port());
  const RawAnswer late = head.ask("POST / HTTP/1.1\r\nHost: h\r\n");
  BOOST_CHECK_EQUAL(late.status, 408);
  BOOST_CHECK_EQUAL(late.header("connection"), "close");
  BOOST_CHECK(head.is_closed());
  RawClient body(running.server.port());
  BOOST_CHECK_EQUAL(body.ask("POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 9\r\n\r\nhalf").status,
                    408);
  BOOST_CHECK(body.is_closed());
}

// Each byte comes in time, the whole does not.
BOOST_AUTO_TEST_CASE(does_not_take_a_body_in_drips_for_ever) {
  EdgeTimes times;
  times.body_ms = 1;
  Running running(64, times);
  RawClient client(running.server.port());
  client.send("POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 100000\r\n\r\n");
  int sent = 0;
  while (running.echo.answers == 0 && ++sent < 90'000) client.send("x");
  BOOST_CHECK_EQUAL(client.read().status, 408);
}

BOOST_AUTO_TEST_CASE(closes_connections_that_are_idle_for_long) {
  EdgeTimes times;
  times.idle_ms = 1;
  Running running(64, times);
  RawClient client(running.server.port());
  BOOST_CHECK_EQUAL(client.ask(request_text("POST", "/", "", "x")).status, 200);
  BOOST_CHECK(client.is_closed());
}

BOOST_AUTO_TEST_CASE(turns_a_mistake_into_500) {
  Running running;
  RawClient client(running.server.port());
  BOOST_CHECK(is_error(client.ask("GET /fail HTTP/1.1\r\nHost: h\r\n\r\n"), "internal"));
  BOOST_CHECK_EQUAL(client.ask(request_text("POST", "/", "", "next")).body, "next");
}

BOOST_AUTO_TEST_CASE(keeps_old_clients_only_if_they_ask) {
  Running running;
  RawClient plain(running.server.port());
  BOOST_CHECK_EQUAL(plain.ask("GET / HTTP/1.0\r\n\r\n").header("connection"), "close");
  BOOST_CHECK(plain.is_closed());
  RawClient kept(running.server.port());
  BOOST_CHECK_EQUAL(
      kept.ask("GET / HTTP/1.0\r\nConnection: keep-alive\r\n\r\n").header("connection"),
      "keep-alive");
  RawClient closing(running.server.port());
  BOOST_CHECK_EQUAL(closing.ask("GET / HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n").status,
                    200);
  BOOST_CHECK(closing.is_closed());
}

BOOST_AUTO_TEST_CASE(turns_away_connections_beyond_its_number_and_takes_new_ones_after) {
  Running running(8);
  std::vector<std::unique_ptr<RawClient>> clients;
  for (int i = 0; i < 8; ++i) {
    clients.push_back(std::make_unique<RawClient>(running.server.port()));
    BOOST_CHECK_EQUAL(clients.back()->ask(request_text("POST", "/", "", "x")).status, 200);
  }
  RawClient late(running.server.port());
  BOOST_CHECK_EQUAL(late.read().status, 503);
  // The place is free when the server has seen the connection end, which an answer proves.
  clients.front()->ask("GET / HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n");
  BOOST_CHECK(clients.front()->is_closed());
  clients.erase(clients.begin());
  while (running.server.connections() == 8) std::this_thread::yield();
  RawClient next(running.server.port());
  BOOST_CHECK_EQUAL(next.ask(request_text("POST", "/", "", "x")).status, 200);
}

BOOST_AUTO_TEST_CASE(drains_what_is_under_way_and_closes_what_is_idle) {
  Running running;
  RawClient idle(running.server.port());
  idle.ask(request_text("POST", "/", "", "x"));
  RawClient busy(running.server.port());
  busy.send("GET /wait HTTP/1.1\r\nHost: h\r\n\r\n");
  running.echo.await_waiting();
  running.server.drain();
  BOOST_CHECK(idle.is_closed());
  running.echo.release();
  const RawAnswer answer = busy.read();
  BOOST_CHECK_EQUAL(answer.body, "late");
  BOOST_CHECK_EQUAL(answer.header("connection"), "close");
  BOOST_CHECK(busy.is_closed());
}

BOOST_AUTO_TEST_CASE(survives_clients_that_vanish) {
  Running running;
  for (int i = 0; i < 20; ++i) {
    RawClient client(running.server.port());
    client.send("POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 100\r\n\r\nhalf");
  }
  {
    RawClient client(running.server.port());
    client.send("GET /wait HTTP/1.1\r\nHost: h\r\n\r\n");
  }
  running.echo.release();
  RawClient client(running.server.port());
  BOOST_CHECK_EQUAL(client.ask(request_text("POST", "/", "", "x")).status, 200);
}

BOOST_AUTO_TEST_CASE(says_which_port_is_taken) {
  Running running;
  Echo echo;
  Server other(echo, 1, 1);
  const std::string trouble = other.open({"127.0.0.1", running.server.port()});
  BOOST_CHECK(trouble.find(std::to_string(running.server.port())) != std::string::npos);
}

BOOST_AUTO_TEST_SUITE_END()
