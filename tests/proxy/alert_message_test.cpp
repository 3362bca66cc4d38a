#include "proxy/alerts/alert_message.hpp"

#include <algorithm>
#include <string>

#include <nlohmann/json.hpp>

#include <boost/test/unit_test.hpp>

#include "proxy/alerts/mail_text.hpp"

namespace {

using namespace waypost;
using namespace waypost::relay;

// 2026-11-23 11:24:15 UTC, a Monday.
constexpr Instant kAt{1'795'433'055'000};

AlertNotice blocked(delivery::BlockCause cause, int status) {
  AlertNotice notice;
  notice.key = {"first-aid", "https://lrs.example.org/xapi/", AlertKind::Blocked};
  notice.details = {.cause = cause, .status = status, .waiting = 12};
  notice.since = notice.at = kAt;
  return notice;
}

bool contains(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

// `text` with lines joined, so that where it is wrapped does not matter.
std::string unwrapped(std::string text) {
  std::replace(text.begin(), text.end(), '\n', ' ');
  return text;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(alert_message)

BOOST_AUTO_TEST_CASE(says_what_since_when_what_it_means_and_what_to_do) {
  const AlertMessage message = message_of(blocked(delivery::BlockCause::Unauthorized, 401));
  BOOST_TEST(message.subject == "first-aid: blocked: the LRS refuses the key");
  const std::string text = unwrapped(message.text);
  for (const char* part : {"does not accept the relay's key or secret (it answers with status 401)",
                           "Organisation: first-aid", "LRS: https://lrs.example.org/xapi/",
                           "Since: 2026-11-23 11:24 UTC", "Nothing is lost: 12 statements wait",
                           "What to do: Ask whoever runs the LRS"}) {
    BOOST_CHECK_MESSAGE(contains(text, part), part << "\n" << message.text);
  }
  const auto json = nlohmann::json::parse(message.json);
  BOOST_TEST(json["alert"] == "blocked");
  BOOST_TEST(json["phase"] == "began");
  BOOST_TEST(json["cause"] == "unauthorized");
  BOOST_TEST(json["status"] == 401);
  BOOST_TEST(json["waiting"] == 12);
  BOOST_TEST(json["since_ms"] == kAt.ms);
  BOOST_TEST(json["text"] == message.text);
}

BOOST_AUTO_TEST_CASE(of_a_block_that_an_earlier_run_left_no_answer_is_told) {
  const AlertMessage message = message_of(blocked(delivery::BlockCause::Unauthorized, 0));
  BOOST_TEST(contains(unwrapped(message.text), "the relay's key or secret."));
  BOOST_TEST(!nlohmann::json::parse(message.json).contains("status"));
}

BOOST_AUTO_TEST_CASE(every_kind_and_phase_has_its_words) {
  for (int kind = 0; kind <= static_cast<int>(AlertKind::Test); ++kind) {
    for (const AlertPhase phase :
         {AlertPhase::Began, AlertPhase::Lasts, AlertPhase::Ended, AlertPhase::Digest}) {
      AlertNotice notice = blocked(delivery::BlockCause::Tls, 0);
      notice.key.kind = static_cast<AlertKind>(kind);
      notice.phase = phase;
      notice.reasons = {{"refused", 3}};
      const AlertMessage message = message_of(notice);
      BOOST_TEST(contains(message.subject, std::string(word(notice.key.kind))));
      BOOST_TEST(message.subject.size() < 100);
      BOOST_TEST(message.text.size() > 80);
      BOOST_TEST(nlohmann::json::parse(message.json)["phase"] == word(phase));
      std::size_t from = 0;
      for (std::size_t to = 0; (to = message.text.find('\n', from)) != std::string::npos;
           from = to + 1) {
        BOOST_TEST(to - from <= 76U);
      }
    }
  }
}

BOOST_AUTO_TEST_CASE(dead_letters_are_counted_by_reason) {
  AlertNotice notice = blocked(delivery::BlockCause::Suspect, 0);
  notice.key.kind = AlertKind::DeadLetters;
  notice.phase = AlertPhase::Digest;
  notice.reasons = {{"refused", 3}, {"too-large", 1}};
  const AlertMessage message = message_of(notice);
  BOOST_TEST(message.subject == "first-aid: dead-letters: 4 statements set aside");
  BOOST_TEST(contains(unwrapped(message.text), "3 refused, 1 too-large"));
  BOOST_TEST(nlohmann::json::parse(message.json)["reasons"]["refused"] == 3);
}

BOOST_AUTO_TEST_CASE(a_mail_is_whole) {
  const AlertMessage message = message_of(blocked(delivery::BlockCause::Unauthorized, 401));
  const Uuid id = Uuid::parse("3f8b0c52-7d1e-4c9a-9b60-000000000001").value();
  const std::string mail =
      mail_text({"waypost@example.org", {"a@example.org", "b@example.org"}}, message, kAt, id);
  const std::string head =
      "Date: Mon, 23 Nov 2026 11:24:15 +0000\r\n"
      "From: waypost@example.org\r\n"
      "To: a@example.org,\r\n b@example.org\r\n"
      "Subject: [waypost] first-aid: blocked: the LRS refuses the key\r\n"
      "Message-ID: <3f8b0c52-7d1e-4c9a-9b60-000000000001@example.org>\r\n"
      "Auto-Submitted: auto-generated\r\n"
      "MIME-Version: 1.0\r\n"
      "Content-Type: text/plain; charset=us-ascii\r\n"
      "\r\n";
  BOOST_TEST(mail.substr(0, head.size()) == head);
  for (std::size_t at = 0; at < mail.size(); ++at) {
    if (mail[at] == '\n') BOOST_TEST((at > 0 && mail[at - 1] == '\r'));
  }
}

BOOST_AUTO_TEST_CASE(no_name_can_begin_a_header_or_a_line_of_its_own) {
  AlertNotice notice = blocked(delivery::BlockCause::Unauthorized, 401);
  const std::string evil = "x\r\nBcc: thief@example.org\r\n\r\nbody\n\x7f\xc3\xa9";
  notice.key.organisation = evil;
  notice.key.destination = evil;
  AlertMessage message = message_of(notice);
  BOOST_TEST(!contains(message.subject, "\n"));
  BOOST_TEST(!contains(message.text, "\nBcc"));
  message.subject = evil;
  message.text += evil;
  const std::string mail = mail_text({evil, {evil}}, message, kAt, Uuid{});
  BOOST_TEST(!contains(mail, "\nBcc: thief@example.org\r\n\r\n"));
  BOOST_TEST(mail.find("\r\n\r\n") == mail.find("us-ascii") + 8);
  BOOST_TEST(std::all_of(mail.begin(), mail.end(),
                         [](char c) { return c == '\r' || c == '\n' || (c >= ' ' && c <= '~'); }));
}

BOOST_AUTO_TEST_SUITE_END()
