#include <string>

#include <boost/test/unit_test.hpp>

#include "proxy/ingest/acceptance.hpp"
#include "proxy/ingest/clock_offset.hpp"
#include "proxy/ingest/envelope.hpp"
#include "proxy/ingest/event_acceptance.hpp"
#include "proxy/ingest/open_course.hpp"
#include "waypost/limits.hpp"

namespace {

using namespace waypost::relay;
using waypost::Duration;
using waypost::ErrorCode;
using waypost::Instant;
namespace statement = waypost::statement;

const std::string kHome = "https://courses.example.org/waypost/self-declared";
constexpr Instant kReceived{1'795'420'860'000};  // 2026-11-23T08:01:00Z

// A statement with this actor (its JSON, or none) and more members.
std::string with(const std::string& actor, const std::string& more = {}) {
  return "{" + (actor.empty() ? "" : "\"actor\":" + actor + ",") +
         R"("verb":{"id":"http://adlnet.gov/expapi/verbs/answered"},)"
         R"("object":{"id":"https://courses.example.org/quiz"},)"
         R"("id":"6b2e0c5e-0f2b-4c58-9d6c-0c8a1c5d1f01",)"
         R"("timestamp":"2026-11-23T08:00:00Z")" +
         (more.empty() ? "" : "," + more) + "}";
}

AcceptanceRules rules() {
  AcceptanceRules rules;
  rules.self_declared_home_page = kHome;
  rules.received = kReceived;
  return rules;
}

Acceptance accept_text(const std::string& text, const AcceptanceRules& rules) {
  return accept(text, statement::validate(text, unstamped_rules(rules.version)), text, rules);
}

std::string accepted(const std::string& text, const AcceptanceRules& how = rules()) {
  const Acceptance acceptance = accept_text(text, how);
  for (const auto& violation : acceptance.violations) {
    BOOST_ERROR(violation.path << ' ' << violation.rule << " in " << text);
  }
  return acceptance.entry ? acceptance.entry->bytes : std::string();
}

std::string refused(const std::string& text, const AcceptanceRules& how = rules()) {
  const Acceptance acceptance = accept_text(text, how);
  BOOST_CHECK_MESSAGE(!acceptance.entry, text);
  return acceptance.violations.empty() ? std::string()
                                       : std::string(acceptance.violations.front().rule);
}

std::string account(const std::string& name) {
  return R"({"objectType":"Agent","account":{"homePage":")" + kHome + R"(","name":")" + name +
         R"("}})";
}

std::string envelope_text(const std::string& entries, const std::string& more = {}) {
  return R"({"v":1,"nonce":"k3J9xq0aT5Wb1m2c","sent_ms":1,"offset_ms":0,"kind":"statements",)" +
         more + "\"entries\":[" + entries + "]}";
}

EnvelopeReading read(const std::string& text) {
  return read_envelope(text, statement::Version::V1_0_3);
}

}  // namespace

BOOST_AUTO_TEST_SUITE(ingest)

BOOST_AUTO_TEST_CASE(learners_of_an_open_course_become_accounts_of_the_relay) {
  const std::string account_elsewhere =
      R"({"account":{"name":"a\u0062\"c","homePage":"https://lms.example"},"name":"Ada"})";
  BOOST_CHECK_EQUAL(accepted(with("")), [] {
    std::string text = with("");
    return text.insert(1, "\"actor\":" + account("anonymous") + ",");
  }());
  BOOST_CHECK_EQUAL(accepted(with(R"({"mbox":"mailto:ada@example.org"})")),
                    with(account("ada@example.org")));
  BOOST_CHECK_EQUAL(accepted(with(R"({"openid":"https://ada.example/"})")),
                    with(account("https://ada.example/")));
  BOOST_CHECK_EQUAL(
      accepted(with(R"({"mbox_sha1sum":"ebd31e95054c018b10727ccffd2ef2ec3a016ee9"})")),
      with(account("ebd31e95054c018b10727ccffd2ef2ec3a016ee9")));
  BOOST_CHECK_EQUAL(accepted(with(account_elsewhere)),
                    with(R"({"objectType":"Agent","name":"Ada","account":{"homePage":")" + kHome +
                         R"(","name":"ab\"c"}})"));
}

BOOST_AUTO_TEST_CASE(what_is_right_already_keeps_every_byte) {
  const std::string text =
      with(account("5f0c"), R"("result":{"score":{"scaled":0.10}},  "context" : {})");
  BOOST_CHECK_EQUAL(accepted(text), text);
}

BOOST_AUTO_TEST_CASE(groups_are_refused_as_learners) {
  BOOST_CHECK_EQUAL(refused(with(R"({"objectType":"Group","mbox":"mailto:g@example.org"})")),
                    "actor.group-not-allowed");
}

BOOST_AUTO_TEST_CASE(authority_and_stored_are_taken_out) {
  const std::string text = with(
      account("a"), R"("stored":"2026-11-23T08:00:00Z","authority":{"mbox":"mailto:a@b.example"})");
  BOOST_CHECK_EQUAL(accepted(text), with(account("a")));
}

BOOST_AUTO_TEST_CASE(an_id_and_a_timestamp_are_needed_unless_filled_in) {
  const std::string bare = "{\"actor\":" + account("a") +
                           R"(,"verb":{"id":"http://adlnet.gov/expapi/verbs/answered"},)"
                           R"("object":{"id":"https://x.example"}})";
  BOOST_CHECK_EQUAL(refused(bare), "statement.id-required");
  AcceptanceRules filling = rules();
  filling.fill_missing = true;
  const std::string filled = accepted(bare, filling);
  BOOST_CHECK(filled.find(R"("timestamp":"2026-11-23T08:01:00.000Z")") != std::string::npos);
  BOOST_CHECK(filled != accepted(bare, filling));  // another id each time
}

BOOST_AUTO_TEST_CASE(the_clock_is_corrected_once_and_never_into_the_future) {
  AcceptanceRules offset = rules();
  offset.clock_offset = Duration{-3'600'000};
  const std::string corrected = accepted(with(account("a")), offset);
  BOOST_CHECK(corrected.find(R"("timestamp":"2026-11-23T07:00:00.000Z")") != std::string::npos);
  BOOST_CHECK(corrected.find(std::string(kOriginalTimestampExtension) +
                             R"(":"2026-11-23T08:00:00Z")") != std::string::npos);
  offset.clock_offset = Duration{3'600'000};
  BOOST_CHECK(
      accepted(with(account("a")), offset).find(R"("timestamp":"2026-11-23T08:01:00.000Z")") !=
      std::string::npos);
  offset.clock_offset = Duration{waypost::limits::kClockOffsetIgnoredMs};
  BOOST_CHECK_EQUAL(accepted(with(account("a")), offset), with(account("a")));
}

BOOST_AUTO_TEST_CASE(timestamps_are_read_in_all_usual_forms) {
  for (const std::string text :
       {"2026-11-23T08:01:00Z", "2026-11-23T08:01:00.000Z", "2026-11-23T09:01:00+01:00",
        "2026-11-23T09:01:00.0+0100", "2026-11-23T02:31:00-05:30", "2026-11-23T09:01+01",
        "2026-11-23T08:01:00,0009Z"}) {
    const auto at = parse_timestamp(text);
    BOOST_CHECK_MESSAGE(at && *at == kReceived, text);
  }
  for (const std::string text : {"2026-11-23", "2026-11-23T08:01:00", "2026-02-30T08:01:00Z",
                                 "20261123T080100Z", "2026-11-23T08:01:00.Z", ""}) {
    BOOST_CHECK_MESSAGE(!parse_timestamp(text), text);
  }
  BOOST_CHECK_EQUAL(timestamp_text(kReceived), "2026-11-23T08:01:00.000Z");
  BOOST_CHECK_EQUAL(timestamp_text({-1}), "1969-12-31T23:59:59.999Z");
}

BOOST_AUTO_TEST_CASE(a_signed_statement_is_refused_and_never_changed) {
  const std::string signature =
      R"("attachments":[{"usageType":"http://adlnet.gov/expapi/attachments/signature",)"
      R"("display":{"en":"s"},"contentType":"application/octet-stream","length":1,)"
      R"("sha2":"495395e777cd98da653df9615d09c0fd6bb2f8d4788394cd53c56a3bfdcd848a",)"
      R"("fileUrl":"https://x.example/s"}])";
  BOOST_CHECK_EQUAL(refused(with(account("a"), signature)), "attachment.signature-bytes");
}

BOOST_AUTO_TEST_CASE(a_repeat_is_known_by_its_text_or_its_meaning) {
  const auto entry = *accept_text(with(account("a")), rules()).entry;
  const auto same = *accept_text(with(account("a")), rules()).entry;
  BOOST_CHECK(entry.fingerprint == same.fingerprint && entry.meaning == same.meaning);
  const auto respelt = *accept_text(with("  " + account("a")), rules()).entry;
  BOOST_CHECK(entry.fingerprint != respelt.fingerprint && entry.meaning == respelt.meaning);
  const auto other = *accept_text(with(account("b")), rules()).entry;
  BOOST_CHECK(entry.fingerprint != other.fingerprint && entry.meaning != other.meaning);
}

BOOST_AUTO_TEST_CASE(the_lane_is_the_registration_or_the_learner) {
  const auto lane = [](const std::string& text) { return accept_text(text, rules()).entry->lane; };
  BOOST_CHECK_EQUAL(lane(with(account("a"))), "a");
  BOOST_CHECK_EQUAL(
      lane(with(account("a"),
                R"("context":{"registration":"ec531277-b57b-4c15-8d91-d292c5b2b8f7"})")),
      "ec531277-b57b-4c15-8d91-d292c5b2b8f7");
  BOOST_CHECK_LE(lane(with(account(std::string(1000, 'n')))).size(), 64U);
}

BOOST_AUTO_TEST_CASE(events_are_completed_and_need_an_id_and_a_timestamp) {
  const std::string id = R"("id":"6b2e0c5e-0f2b-4c58-9d6c-0c8a1c5d1f02")";
  const std::string time = R"("timestamp":"2026-11-23T08:00:00.000Z")";
  const std::string rest = R"("verb":"completed","object":"https://x.example/","score":0.80)";
  const Acceptance done = accept_event("{" + id + "," + time + "," + rest + "}", rules());
  BOOST_REQUIRE(done.entry);
  BOOST_CHECK(done.entry->bytes.find("http://adlnet.gov/expapi/verbs/completed") !=
              std::string::npos);
  BOOST_CHECK(done.entry->bytes.find("0.80") != std::string::npos);
  BOOST_CHECK_EQUAL(accept_event("{" + time + "," + rest + "}", rules()).violations.at(0).rule,
                    "statement.id-required");
  BOOST_CHECK_EQUAL(
      accept_event(R"({"id":"",)" + time + "," + rest + "}", rules()).violations.at(0).rule,
      "statement.id-required");
  BOOST_CHECK_EQUAL(
      accept_event("{" + id + R"(,"timestamp":"",)" + rest + "}", rules()).violations.at(0).rule,
      "statement.timestamp-required");
  const Acceptance timeless = accept_event("{" + id + "," + rest + "}", rules());
  BOOST_CHECK_EQUAL(timeless.violations.at(0).rule, "statement.timestamp-required");
  BOOST_CHECK_EQUAL(timeless.id, "6b2e0c5e-0f2b-4c58-9d6c-0c8a1c5d1f02");
}

BOOST_AUTO_TEST_CASE(a_captured_event_is_completed_as_its_page_would_have_completed_it) {
  const std::string id = R"("id":"6b2e0c5e-0f2b-4c58-9d6c-0c8a1c5d1f02")";
  const std::string time = R"("captured_ms":1795420800000)";
  const std::string defaults =
      R"("defaults":{"language":"fr","object":{"id":"https://x.example/","name":"Feu"}})";
  const std::string event = R"("event":{"verb":"completed","score":0.80})";
  const Acceptance done =
      accept_event("{" + id + "," + time + "," + event + "," + defaults + "}", rules());
  BOOST_REQUIRE(done.entry);
  BOOST_CHECK_EQUAL(done.id, "6b2e0c5e-0f2b-4c58-9d6c-0c8a1c5d1f02");
  for (const char* part :
       {R"("timestamp":"2026-11-23T08:00:00.000Z")", R"({"fr":"Feu"})", R"("scaled":0.80)"}) {
    BOOST_CHECK_MESSAGE(done.entry->bytes.find(part) != std::string::npos, part);
  }
  const auto rule = [](const std::string& text) {
    const Acceptance acceptance = accept_event(text, rules());
    return acceptance.violations.empty() ? "none" : std::string(acceptance.violations[0].rule);
  };
  const std::string rest = event + "," + defaults;
  BOOST_CHECK_EQUAL(rule("{" + id + "," + rest + "}"), "statement.timestamp-required");
  BOOST_CHECK_EQUAL(rule("{" + id + R"(,"captured_ms":1e3,)" + rest + "}"),
                    "statement.timestamp-required");
  BOOST_CHECK_EQUAL(rule("{" + time + "," + rest + "}"), "statement.id-required");
  BOOST_CHECK_EQUAL(rule(R"({"id":"5",)" + time + "," + rest + "}"), "statement.id-required");
  BOOST_CHECK_EQUAL(rule("{" + id + "," + time + R"(,"event":5})"), "event.object");
  BOOST_CHECK_EQUAL(rule("{" + id + "," + time + R"(,"verb":"completed",)" + event + "}"),
                    "event.unknown-member");
}

BOOST_AUTO_TEST_CASE(a_refused_captured_event_is_named_by_the_id_beside_it) {
  const Acceptance refused =
      accept_event(R"({"id":"A-1","captured_ms":0,"event":{"verb":"complete"}})", rules());
  BOOST_CHECK(!refused.entry);
  BOOST_CHECK_EQUAL(refused.id, "A-1");
}

BOOST_AUTO_TEST_CASE(an_envelope_is_split_into_the_bytes_of_its_entries) {
  const std::string text = envelope_text(with("") + " , " + with(account("a")), "\"x\":[{}],");
  const auto reading = read(text);
  BOOST_REQUIRE_MESSAGE(reading.envelope, reading.message);
  BOOST_CHECK_EQUAL(reading.envelope->nonce, "\"k3J9xq0aT5Wb1m2c\"");
  BOOST_REQUIRE_EQUAL(reading.envelope->entries.size(), 2U);
  BOOST_CHECK_EQUAL(reading.envelope->entries[0].text, with(""));
  BOOST_CHECK_EQUAL(reading.envelope->entries[1].text, with(account("a")));
}

BOOST_AUTO_TEST_CASE(the_order_of_an_envelope_is_free) {
  const std::string text =
      R"({"entries":[5,)" + with("") + R"(],"kind":"statements","nonce":"k3J9xq0aT5Wb1m2c","v":1})";
  const auto reading = read(text);
  BOOST_REQUIRE_MESSAGE(reading.envelope, reading.message);
  const auto& entries = reading.envelope->entries;
  BOOST_REQUIRE_EQUAL(entries.size(), 2U);
  BOOST_CHECK(!entries[0].validation.valid());
  BOOST_CHECK(entries[1].validation.valid());
  BOOST_CHECK_EQUAL(entries[1].validation.outline.whole.of(entries[1].validated), with(""));
}

BOOST_AUTO_TEST_CASE(an_entry_that_breaks_rules_does_not_take_its_neighbours_with_it) {
  const std::string text = envelope_text(R"({"a":1,"a":2},5,null,)" + with(""));
  const auto reading = read(text);
  BOOST_REQUIRE(reading.envelope);
  BOOST_REQUIRE_EQUAL(reading.envelope->entries.size(), 4U);
  for (int i = 0; i < 3; ++i) BOOST_CHECK(!reading.envelope->entries[i].validation.valid());
  BOOST_CHECK(reading.envelope->entries[3].validation.valid());
}

BOOST_AUTO_TEST_CASE(wrong_envelopes_are_refused) {
  const std::string good = envelope_text("");
  BOOST_CHECK(read(good).envelope);
  const auto replaced = [&](const std::string& what, const std::string& by) {
    std::string text = good;
    return text.replace(text.find(what), what.size(), by);
  };
  for (const std::string& text :
       {std::string("[]"), std::string("5"), replaced("\"v\":1", "\"v\":2"),
        replaced("\"v\":1", "\"v\":\"1\""), replaced("\"v\":1,", ""),
        replaced("\"k3J9xq0aT5Wb1m2c\"", "\"short\""), replaced("\"k3J9xq0aT5Wb1m2c\"", "5"),
        replaced("k3J9xq0aT5Wb1m2c", std::string(65, 'x')),
        replaced("\"sent_ms\":1", "\"sent_ms\":1.5"),
        replaced("\"offset_ms\":0", "\"offset_ms\":1e99"),
        replaced("\"offset_ms\":0", "\"offset_ms\":99999999999999"),
        replaced("\"kind\":\"statements\",", ""), replaced("statements", "pictures"),
        replaced("\"entries\":[]", "\"entries\":{}"), replaced(",\"entries\":[]", ""),
        replaced("\"v\":1", "\"v\":1,\"v\":1"), replaced("\"v\":1", "\"ticket\":5,\"v\":1")}) {
    const auto reading = read(text);
    BOOST_CHECK_MESSAGE(!reading.envelope && reading.code == ErrorCode::BadRequest, text);
    BOOST_CHECK(!reading.message.empty());
  }
  for (const std::string& text : {std::string(), std::string("{"), good + "x", good + "{}",
                                  envelope_text("{]"), envelope_text(std::string(1000, '['))}) {
    BOOST_CHECK_MESSAGE(read(text).code == ErrorCode::MalformedJson, text);
  }
  std::string many = "{}";
  for (int i = 0; i < 100; ++i) many += ",{}";
  BOOST_CHECK(read(envelope_text(many)).code == ErrorCode::TooMany);
}

BOOST_AUTO_TEST_SUITE_END()
