#include "proxy/alerts/webhook_channel.hpp"

#include <atomic>
#include <fstream>
#include <string>

#include <boost/test/unit_test.hpp>

#include "proxy/scripted_server.hpp"
#include "proxy/temporary_folder.hpp"
#include "proxy/tls_server.hpp"

namespace {

using namespace waypost;
using namespace waypost::relay;
using namespace waypost::tests;

const std::string kLocal = "127.0.0.1:";

std::string send(const std::string& url, const std::string& authorities_file = {}) {
  const std::atomic<bool> stopping{false};
  return WebhookChannel(url, authorities_file).send(message_of({}), {}, stopping);
}

// What comes of an answer.
std::string answered(const std::string& answer) {
  const ScriptedServer server(answer);
  return send("http://" + kLocal + std::to_string(server.port()) + "/hook?token=s3cret");
}

}  // namespace

BOOST_AUTO_TEST_SUITE(webhook_channel)

BOOST_AUTO_TEST_CASE(two_hundreds_are_told_and_nothing_else) {
  BOOST_TEST(answered("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok") == "");
  BOOST_TEST(answered("HTTP/1.1 204 No Content\r\n\r\n") == "");
  BOOST_TEST(answered("HTTP/1.1 500 Oops\r\nContent-Length: 0\r\n\r\n") ==
             "it answered with status 500");
  BOOST_TEST(answered("nonsense\r\n\r\n") != "");
  BOOST_TEST(answered("") != "");
}

BOOST_AUTO_TEST_CASE(redirects_are_not_followed) {
  const ScriptedServer elsewhere("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");
  BOOST_TEST(answered("HTTP/1.1 307 Go\r\nLocation: http://" + kLocal +
                      std::to_string(elsewhere.port()) + "/\r\nContent-Length: 0\r\n\r\n") ==
             "it answered with status 307");
}

BOOST_AUTO_TEST_CASE(certificates_are_verified) {
  const Certificate certificate = make_certificate({});
  const TlsServer server(certificate);
  const std::string url = "https://" + kLocal + std::to_string(server.port()) + "/hook";
  BOOST_TEST(send(url) != "");
  const TemporaryFolder folder;
  const std::string file = (folder.path() / "authorities.pem").string();
  std::ofstream(file) << certificate.certificate;
  BOOST_TEST(send(url, file) == "");
  const Certificate expired = make_certificate({.valid_until_s = -60});
  const TlsServer late(expired);
  std::ofstream(file) << expired.certificate;
  BOOST_TEST(send("https://" + kLocal + std::to_string(late.port()) + "/", file) != "");
}

BOOST_AUTO_TEST_CASE(its_address_is_told_without_what_may_be_secret) {
  BOOST_TEST(WebhookChannel("https://hooks.example.org/s3cret").addressee() == "hooks.example.org");
  BOOST_TEST(WebhookChannel("https://hooks.example.org?s3cret").addressee() == "hooks.example.org");
  BOOST_TEST(WebhookChannel("http://[::1]:80/s3cret").addressee() == "[::1]:80");
}

BOOST_AUTO_TEST_SUITE_END()
