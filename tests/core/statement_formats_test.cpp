#include <string>

#include <boost/test/unit_test.hpp>

#include "example_statement.hpp"

using waypost::statement::Version;
namespace tests = waypost::tests;

namespace {

// Whether the example is valid with this string at this place, and if not, for the format alone.
bool takes(const char* pointer, std::string_view text, std::string_view rule,
           Version version = Version::V1_0_3) {
  auto statement = tests::example_statement();
  statement[nlohmann::json::json_pointer(pointer)] = text;
  const auto broken = tests::broken_rules(statement.dump(), tests::rules_of(version));
  if (broken.empty()) return true;
  BOOST_TEST(broken.size() == 1U, text);
  BOOST_TEST(broken.at(0) == std::string(pointer) + " " + std::string(rule), text);
  return false;
}

bool is_timestamp(std::string_view text, Version version) {
  return takes("/timestamp", text, "format.timestamp", version);
}

bool is_duration(std::string_view text) {
  return takes("/result/duration", text, "format.duration");
}

bool is_language_tag(std::string_view text) {
  return takes("/context/language", text, "format.language-tag");
}

bool is_iri(std::string_view text) {
  return takes("/object/id", text, "format.iri");
}

bool is_mailbox(std::string_view text) {
  return takes("/actor/mbox", text, "format.mailbox");
}

bool is_uuid(std::string_view text) {
  return takes("/id", text, "format.uuid");
}

bool is_actor_format(const char* name, std::string_view text, std::string_view rule) {
  auto statement = tests::example_statement();
  statement["actor"] = {{name, text}};
  const auto broken = tests::broken_rules(statement.dump());
  if (broken.empty()) return true;
  BOOST_TEST(broken.at(0) == "/actor/" + std::string(name) + " " + std::string(rule), text);
  return false;
}

bool is_attachment_format(const char* name, std::string_view text, std::string_view rule) {
  auto statement = tests::example_statement();
  statement["attachments"] = nlohmann::json::parse(R"([{
    "usageType": "https://example.org/usage", "display": {"en": "certificate"}, "length": 3,
    "contentType": "text/plain", "fileUrl": "https://example.org/file",
    "sha2": "495395e777cd98da653df9615d09c0fd6bb2f8d4788394cd53c56a3bfdcd848a"}])");
  statement["attachments"][0][name] = text;
  const auto broken = tests::broken_rules(statement.dump());
  if (broken.empty()) return true;
  BOOST_TEST(broken.at(0) == "/attachments/0/" + std::string(name) + " " + std::string(rule), text);
  return false;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(statement_formats)

BOOST_AUTO_TEST_CASE(timestamps_that_are_both_iso_8601_and_rfc_3339) {
  for (const auto* text :
       {"2026-11-23T08:00:00Z", "2026-11-23T08:00:00.5Z", "2026-11-23T08:00:00.123456789Z",
        "2026-11-23T08:00:00+00:00", "2026-11-23T08:00:00-05:30", "2026-11-23T08:00:00+14:00",
        "2026-11-23t08:00:00z", "2024-02-29T00:00:00Z", "2000-02-29T00:00:00Z",
        "0001-01-01T00:00:00Z", "9999-12-31T23:59:59Z", "2016-12-31T23:59:60Z",
        "2016-12-31T23:59:60.5Z", "2017-01-01T00:59:60+01:00", "2016-12-31T18:59:60-05:00"}) {
    BOOST_TEST(is_timestamp(text, Version::V1_0_3), text);
    BOOST_TEST(is_timestamp(text, Version::V2_0_0), text);
  }
}

BOOST_AUTO_TEST_CASE(timestamps_that_are_iso_8601_alone) {
  for (const auto* text :
       {"2026-11-23", "20261123", "2026-11-23T08", "2026-11-23T08:00", "2026-11-23T08:00:00",
        "20261123T080000Z", "20261123T0800", "20261123T08", "20261123T080000.5+0530",
        "2026-11-23T08:00:00+05", "2026-11-23T08:00:00+0530", "2026-11-23T08:00:00,5Z",
        "2026-11-23T08:30.5Z", "2026-11-23T08.5Z", "2026-11-23T24:00:00Z", "2026-11-23T24:00Z",
        "20261123T24"}) {
    BOOST_TEST(is_timestamp(text, Version::V1_0_3), text);
    BOOST_TEST(!is_timestamp(text, Version::V2_0_0), text);
  }
}

BOOST_AUTO_TEST_CASE(what_is_no_timestamp) {
  for (const auto* text : {"",
                           "yesterday",
                           "01/011/2015",
                           "2026",
                           "2026-11",
                           "2026-11-2",
                           "2026-1-23T08:00:00Z",
                           "26-11-23T08:00:00Z",
                           "2026-13-01T00:00:00Z",
                           "2026-00-01T00:00:00Z",
                           "2026-11-31T00:00:00Z",
                           "2026-11-00T00:00:00Z",
                           "2023-02-29T00:00:00Z",
                           "1900-02-29T00:00:00Z",
                           "2026-11-23T25:00:00Z",
                           "2026-11-23T24:00:01Z",
                           "2026-11-23T24:30:00Z",
                           "2026-11-23T24:00:00.1Z",
                           "2026-11-23T08:60:00Z",
                           "2026-11-23T08:00:60Z",
                           "2026-11-23T23:59:60Z",
                           "2016-12-31T23:59:61Z",
                           "2016-12-31T23:59:60+01:00",
                           "2026-11-23 08:00:00Z",
                           "2026-11-23T08:00:00.Z",
                           "2026-11-23T08:00:00.5.5Z",
                           "2026-11-23T08:00:00ZZ",
                           "2026-11-23T08:00:00Z ",
                           " 2026-11-23T08:00:00Z",
                           "2026-11-23T",
                           "2026-11-23T8:00:00Z",
                           "2026-11-23T08:00:00-00:00",
                           "2026-11-23T08:00:00-0000",
                           "2026-11-23T08:00:00-00",
                           "2026-11-23T08:00:00+24:00",
                           "2026-11-23T08:00:00+05:60",
                           "2026-11-23T08:00:00+5:00",
                           "2026-11-23T08:00:00+05:",
                           "2026-11-23T080000Z",
                           "20261123T08:00:00Z",
                           "2026-1123T08:00:00Z",
                           "2026-W48-1",
                           "+002026-11-23T08:00:00Z",
                           "-2026-11-23T08:00:00Z",
                           "1795420800",
                           "2026-11-23Z"}) {
    BOOST_TEST(!is_timestamp(text, Version::V1_0_3), text);
    BOOST_TEST(!is_timestamp(text, Version::V2_0_0), text);
  }
}

BOOST_AUTO_TEST_CASE(durations) {
  for (const auto* text : {"PT0S", "PT4H35M59.14S", "P3Y1M29DT4H35M59.14S", "P3Y", "P4W",
                           "PT16559.14S", "P1D", "PT1H", "PT1M", "P1M", "P1YT1S", "P0.5Y", "PT0,5H",
                           "P1Y2M10DT2H30M", "P1.5W", "P100000000000000000000D"}) {
    BOOST_TEST(is_duration(text), text);
  }
  for (const auto* text : {"",
                           "P",
                           "PT",
                           "P1",
                           "PT1",
                           "1D",
                           "P4W1D",
                           "P1Y1W",
                           "PA1H0M0S",
                           "-PT1S",
                           "+PT1S",
                           "P-1D",
                           "PT1.5H1M",
                           "P1.5DT1H",
                           "P1DT",
                           "PT1S1M",
                           "PT1S1S",
                           "P1D1Y",
                           "P1H",
                           "PT1D",
                           "PT1.S",
                           "PT.5S",
                           "pt1s",
                           "PT1s",
                           "PT 1S",
                           "P0001-00-29T04:35:59",
                           "P1Y2M3D/2026-11-23",
                           "W",
                           "PW",
                           "PT1H ",
                           "PTT1S",
                           "P1DT1HT1M"}) {
    BOOST_TEST(!is_duration(text), text);
  }
}

BOOST_AUTO_TEST_CASE(language_tags) {
  for (const auto* text : {"en",
                           "EN",
                           "und",
                           "cmn",
                           "tlh",
                           "en-US",
                           "fr-CA",
                           "zh-Hant",
                           "zh-Hans-CN",
                           "sr-Latn-RS",
                           "es-419",
                           "de-CH-1901",
                           "sl-rozaj-biske-1994",
                           "zh-cmn-Hans-CN",
                           "zh-yue",
                           "en-a-bbb-x-a-ccc",
                           "de-DE-u-co-phonebk",
                           "x-whatever",
                           "qaa-Qaaa-QM-x-southern",
                           "i-klingon",
                           "i-default",
                           "sgn-BE-FR",
                           "en-gb-OED",
                           "art-lojban",
                           "abcd",
                           "abcdefgh"}) {
    BOOST_TEST(is_language_tag(text), text);
  }
  for (const auto* text : {"",       "a",         "something", "s-something", "en-something-AU",
                           "a12345", "a12345678", "en_US",     "en-",         "-en",
                           "en--US", "en US",     "de-419-DE", "a-DE",        "ar-a",
                           "en-x",   "x-",        "x",         "en-a",        "en-a-b",
                           "12",     "en-USA1-",  "\xC3\xA9n", "i-nothing",   "en-x-123456789"}) {
    BOOST_TEST(!is_language_tag(text), text);
  }
}

// RFC 5646 sections 2.2.5 and 2.2.6, and the first from its appendix A.
BOOST_AUTO_TEST_CASE(a_language_tag_repeats_no_variant_and_no_extension) {
  for (const auto* text :
       {"ar-a-aaa-b-bbb-a-ccc", "zh-z-aaa-Z-bbb", "de-1901-1901", "sl-rozaj-biske-ROZAJ"}) {
    BOOST_TEST(!is_language_tag(text), text);
  }
  for (const auto* text : {"zh-a-bbb-ccc-b-bbb-ccc", "en-a-aaa-x-a-aaa", "nedis-nedis"}) {
    BOOST_TEST(is_language_tag(text), text);
  }
}

// Else a tag of a quarter of a megabyte would keep the relay busy for seconds.
BOOST_AUTO_TEST_CASE(a_long_language_tag_is_compared_at_its_beginning_only) {
  std::string tag = "en";
  for (int i = 0; i < 30'000; ++i) tag += "-v" + std::to_string(10'000 + i);
  BOOST_TEST(is_language_tag(tag));
  BOOST_TEST(!is_language_tag(tag + "-v10000"));
  BOOST_TEST(is_language_tag(tag + "-v39999"));
}

BOOST_AUTO_TEST_CASE(iris) {
  for (const auto* text : {"http://example.org/a",
                           "https://example.org",
                           "urn:uuid:6b2e0c5e-0f2b-4c58-9d6c-0c8a1c5d1f01",
                           "tag:example.org,2026:course",
                           "mailto:a@b",
                           "act:course",
                           "http://example.org/?q=1&r=2#top",
                           "http://user:pw@example.org:8080/",
                           "http://[2001:db8::1]/x",
                           "http://[::1]:80",
                           "http://[::ffff:192.0.2.1]/",
                           "http://[v1.a:b]/",
                           "http://ex\xC3\xA4mple.org/\xE6\x97\xA5\xE6\x9C\xAC",
                           "http://example.org/%20a",
                           "x:",
                           "a+b-c.1:rest",
                           "http://example.org/a//b",
                           "http://example.org/a;b=c,d'(e)*!$",
                           "http://example.org/?\xEE\x80\x80",
                           "http://example.org/\xF0\x9F\x98\x80"}) {
    BOOST_TEST(is_iri(text), text);
  }
  for (const auto* text : {"",
                           "course/1",
                           "/course/1",
                           "//example.org/a",
                           "should fail",
                           "valid",
                           "ab=c://x",
                           "ab=c://should.fail.com",
                           "1http://example.org",
                           ":x",
                           "http://example.org/a b",
                           "http://example.org/<a>",
                           "http://example.org/\"",
                           "http://example.org/{a}",
                           "http://example.org/a|b",
                           "http://example.org/a\\b",
                           "http://example.org/a^b",
                           "http://example.org/`",
                           "http://example.org/%",
                           "http://example.org/%2",
                           "http://example.org/%zz",
                           "http://example.org/#a#b",
                           "http://exa mple.org",
                           "http://example.org:port/",
                           "http://[::1",
                           "http://[12345::]/",
                           "http://[1:2:3]/",
                           "http://[1::2::3]/",
                           "http://[v1]/",
                           "http://a@b@c/",
                           "http://example.org/[a]",
                           "http://example.org/\n",
                           "http://example.org/\x7F",
                           "ht\xC3\xA4tp://example.org",
                           "http://example.org/\xEE\x80\x80",
                           "http://example.org/\xEF\xBF\xBF",
                           "http://example.org/\xC2\x85",
                           " http://example.org"}) {
    BOOST_TEST(!is_iri(text), text);
  }
}

BOOST_AUTO_TEST_CASE(an_openid_is_ascii) {
  BOOST_TEST(is_actor_format("openid", "https://openid.example.org/12345", "format.uri"));
  BOOST_TEST(!is_actor_format("openid", "https://openid.example.org/\xC3\xA9", "format.uri"));
  BOOST_TEST(!is_actor_format("openid", "openid.example.org", "format.uri"));
}

BOOST_AUTO_TEST_CASE(mailboxes) {
  for (const auto* text :
       {"mailto:a@b", "mailto:bob@example.com", "mailto:bob.smith+tag@mail.example.co.uk",
        "mailto:o'neil@example.org", "mailto:a%20b@example.org",
        "mailto:%22not%40me%22@example.org",
        "mailto:j\xC3\xB6rg@b\xC3\xBC"
        "cher.example",
        "mailto:a@[192.0.2.1]", "mailto:a_b-c@x-y.org", "mailto:A@EXAMPLE.ORG"}) {
    BOOST_TEST(is_mailbox(text), text);
  }
  for (const auto* text : {"",
                           "bob@example.com",
                           "mailto:",
                           "mailto:should.fail.com",
                           "mailto:@example.com",
                           "mailto:bob@",
                           "mailto:bob@.com",
                           "mailto:bob@example..com",
                           "mailto:bob@example.com.",
                           "mailto:.bob@example.com",
                           "mailto:bob.@example.com",
                           "mailto:a@b@c",
                           "mailto: bob@x.org",
                           "mailto:bob smith@x.org",
                           "mailto:bob@x.org,al@x.org",
                           "mailto:bob@x.org?subject=x",
                           "mailto:<bob@x.org>",
                           "mailto:bob@x.org ",
                           "http://should.fail.com",
                           "mailto:a%2@x.org",
                           "mailto:a@[]",
                           "mailto:a@[1",
                           "mailto:a\n@x.org"}) {
    BOOST_TEST(!is_mailbox(text), text);
  }
}

BOOST_AUTO_TEST_CASE(a_mailbox_may_have_every_character_of_an_atom) {
  BOOST_TEST(is_mailbox("mailto:o`neil@example.org"));
  BOOST_TEST(is_mailbox("mailto:!#$&'*+/=^_{|}~-@example.org"));
  BOOST_TEST(!is_mailbox("mailto:?to=bob@example.org"));
}

BOOST_AUTO_TEST_CASE(uuids) {
  for (const auto* text :
       {"6b2e0c5e-0f2b-4c58-9d6c-0c8a1c5d1f01", "6B2E0C5E-0F2B-4C58-9D6C-0C8A1C5D1F01",
        "00000000-0000-0000-0000-000000000000", "ffffffff-ffff-ffff-ffff-ffffffffffff",
        "6b2e0c5e-0f2b-7c58-0d6c-0c8a1c5d1f01"}) {
    BOOST_TEST(is_uuid(text), text);
  }
  for (const auto* text :
       {"", "AA97B177-9383-4934-8543-0F91A7A028368", "MA97B177-9383-4934-8543-0F91A7A02836",
        "{6b2e0c5e-0f2b-4c58-9d6c-0c8a1c5d1f01}", "6b2e0c5e0f2b4c589d6c0c8a1c5d1f01",
        "urn:uuid:6b2e0c5e-0f2b-4c58-9d6c-0c8a1c5d1f01", "6b2e0c5e-0f2b-4c58-9d6c-0c8a1c5d1f0",
        "6b2e0c5e-0f2b-4c58-9d6c0-c8a1c5d1f01", "6b2e0c5e-0f2b-4c58-9d6c-0c8a1c5d1f0 "}) {
    BOOST_TEST(!is_uuid(text), text);
  }
}

BOOST_AUTO_TEST_CASE(digests) {
  const std::string sha1 = "cd9b00a5611f94eaa7b1661edab976068e364975";
  BOOST_TEST(is_actor_format("mbox_sha1sum", sha1, "format.sha1"));
  BOOST_TEST(is_actor_format("mbox_sha1sum", "CD9B00A5611F94EAA7B1661EDAB976068E364975", ""));
  for (const auto& text : {sha1 + "0", sha1.substr(1), "g" + sha1.substr(1), std::string()}) {
    BOOST_TEST(!is_actor_format("mbox_sha1sum", text, "format.sha1"), text);
  }
  for (const std::size_t digits : {56U, 64U, 96U, 128U}) {
    BOOST_TEST(is_attachment_format("sha2", std::string(digits, 'a'), "format.sha2"), digits);
  }
  for (const std::size_t digits : {0U, 40U, 63U, 65U, 129U}) {
    BOOST_TEST(!is_attachment_format("sha2", std::string(digits, 'a'), "format.sha2"), digits);
  }
  BOOST_TEST(!is_attachment_format("sha2", std::string(64, 'z'), "format.sha2"));
}

BOOST_AUTO_TEST_CASE(media_types) {
  for (const auto* text : {"text/plain", "application/octet-stream", "text/plain; charset=ascii",
                           "text/plain;charset=\"utf-8\"", "font/woff2",
                           "application/vnd.api+json;v=1; q=\"a\\\"b\"", "image/svg+xml;"}) {
    BOOST_TEST(is_attachment_format("contentType", text, "format.media-type"), text);
  }
  for (const auto* text :
       {"", "text", "text/", "/plain", "text/plain/x", "text plain", "text/plain; charset",
        "text/plain; charset=", "text/plain; =a", "text/plain;charset=\"a", "text/pl ain",
        "text/plain charset=a", "\xC3\xA9/x", "text/plain,text/html", "text/plain;a=\"b\\"}) {
    BOOST_TEST(!is_attachment_format("contentType", text, "format.media-type"), text);
  }
}

BOOST_AUTO_TEST_CASE(statement_versions) {
  const auto is_version = [](std::string_view text, Version version) {
    return takes("/version", text, "statement.version", version);
  };
  for (const auto* text : {"1.0", "1.0.0", "1.0.3", "1.0.9", "1.0.12", "1.0.0-rc.1"}) {
    BOOST_TEST(is_version(text, Version::V1_0_3), text);
    BOOST_TEST(is_version(text, Version::V2_0_0), text);
  }
  for (const auto* text : {"2.0.0", "2.0.1"}) {
    BOOST_TEST(!is_version(text, Version::V1_0_3), text);
    BOOST_TEST(is_version(text, Version::V2_0_0), text);
  }
  for (const auto* text : {"", "1", "1.", "1.0.", "1.0.x", "1.1.0", "0.9", "0.95", "10.0", "1.00",
                           "v1.0.0", "2.1.0", "3.0.0", " 1.0.0", "1.0.0 ", "1.0.0-", "1.0.-1"}) {
    BOOST_TEST(!is_version(text, Version::V1_0_3), text);
    BOOST_TEST(!is_version(text, Version::V2_0_0), text);
  }
}

BOOST_AUTO_TEST_CASE(what_stands_behind_the_patch_number) {
  for (const auto* text : {"1.0.3-x.7-z--9", "1.0.32-abc.def+ghi.jkl", "1.0.0+5"}) {
    BOOST_TEST(takes("/version", text, "statement.version"), text);
  }
  for (const auto* text : {"1.0.0-.1", "1.0.0-a..b", "1.0.0-1.", "1.0.0-+", "1.0.0+", "1.0.0-a+",
                           "1.0.0-a_b", "1.0.3+a+b", "1.0.3-a+b+c"}) {
    BOOST_TEST(!takes("/version", text, "statement.version"), text);
  }
}

BOOST_AUTO_TEST_CASE(formats_see_through_escapes) {
  auto text = tests::example_statement().dump();
  const std::string id = "https://example.org/quiz/3";
  text.replace(text.find(id), id.size(), R"(https:\/\/example.org\/qu\u0069z\/3)");
  BOOST_TEST(tests::broken_rules(text).empty());
}

BOOST_AUTO_TEST_SUITE_END()
