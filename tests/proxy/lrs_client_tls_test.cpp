#include <fstream>
#include <optional>
#include <string>

#include <boost/test/unit_test.hpp>

#include "proxy/lrs_client/lrs_client.hpp"
#include "proxy/operations/clock.hpp"
#include "proxy/running_lrs.hpp"
#include "proxy/scripted_server.hpp"
#include "proxy/temporary_folder.hpp"
#include "proxy/tls_server.hpp"

namespace {

using namespace waypost;
using namespace waypost::tests;
using delivery::Failure;

// Posts one statement over TLS to this port of this computer. Only the certificate in `trusted`
// can be verified.
relay::LrsAnswer answer_trusting(const std::string& trusted, const std::string& host,
                                 std::uint16_t port) {
  const TemporaryFolder folder;
  relay::LrsClientSettings settings;
  settings.certificate_authorities_file = (folder.path() / "authorities.pem").string();
  std::ofstream(settings.certificate_authorities_file) << trusted;
  relay::LrsClient client(settings);
  const std::string id = statement_id(0);
  const relay::LrsEndpoint to{"https://" + host + ":" + std::to_string(port) + "/xapi/", "key",
                              relay::Secret("secret")};
  std::optional<relay::LrsAnswer> answer;
  client.post(to, {"[" + statement_text(id) + "]", {*Uuid::parse(id)}},
              [&](relay::LrsAnswer came) { answer = std::move(came); });
  while (!answer) client.poll({20'000});
  BOOST_TEST_MESSAGE(answer->text);
  return *answer;
}

delivery::Outcome post_trusting(const std::string& trusted, const std::string& host,
                                std::uint16_t port) {
  return answer_trusting(trusted, host, port).outcome;
}

Failure failure_with(const CertificateTerms& terms, const std::string& host) {
  const Certificate certificate = make_certificate(terms);
  const TlsServer server(certificate);
  return post_trusting(certificate.certificate, host, server.port()).failure;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(lrs_client_tls)

BOOST_AUTO_TEST_CASE(a_certificate_that_can_be_verified_is_good) {
  const Certificate certificate = make_certificate({});
  const TlsServer server(certificate);
  const auto outcome = post_trusting(certificate.certificate, "127.0.0.1", server.port());
  BOOST_TEST((outcome.failure == Failure::None));
  BOOST_TEST(outcome.status == 204);
}

BOOST_AUTO_TEST_CASE(tells_when_the_certificate_ends) {
  const Certificate certificate = make_certificate({.valid_until_s = 7200});
  const TlsServer server(certificate);
  const auto answer = answer_trusting(certificate.certificate, "127.0.0.1", server.port());
  BOOST_REQUIRE(answer.certificate_ends.has_value());
  const auto left = *answer.certificate_ends - relay::system_now();
  BOOST_TEST(left.ms > 7'000'000);
  BOOST_TEST(left.ms <= 7'200'000);
  const ScriptedServer plain("HTTP/1.1 204 No Content\r\n\r\n");
  BOOST_TEST(!answer_trusting({}, "127.0.0.1", plain.port()).certificate_ends.has_value());
}

BOOST_AUTO_TEST_CASE(a_self_signed_certificate_is_refused) {
  const TlsServer server(make_certificate({}));
  const std::string of_somebody_else = make_certificate({}).certificate;
  const auto outcome = post_trusting(of_somebody_else, "127.0.0.1", server.port());
  BOOST_TEST((outcome.failure == Failure::Tls));
  BOOST_TEST(outcome.status == 0);
}

BOOST_AUTO_TEST_CASE(a_certificate_of_another_name_is_refused) {
  CertificateTerms terms;
  terms.host = "lrs.example.org";
  BOOST_TEST((failure_with(terms, "127.0.0.1") == Failure::Tls));
}

BOOST_AUTO_TEST_CASE(an_expired_certificate_is_refused) {
  CertificateTerms terms;
  terms.valid_from_s = -7200;
  terms.valid_until_s = -3600;
  BOOST_TEST((failure_with(terms, "127.0.0.1") == Failure::Tls));
}

BOOST_AUTO_TEST_CASE(an_lrs_without_tls_is_a_tls_failure) {
  const ScriptedServer plain("HTTP/1.1 204 No Content\r\n\r\n");
  const std::string trusted = make_certificate({}).certificate;
  BOOST_TEST((post_trusting(trusted, "127.0.0.1", plain.port()).failure == Failure::Tls));
}

BOOST_AUTO_TEST_CASE(a_connection_cut_during_the_handshake_is_not_about_certificates) {
  const ScriptedServer silent("");
  const std::string trusted = make_certificate({}).certificate;
  BOOST_TEST((post_trusting(trusted, "127.0.0.1", silent.port()).failure == Failure::Reset));
}

BOOST_AUTO_TEST_SUITE_END()
