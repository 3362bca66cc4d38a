#include <string>
#include <string_view>
#include <vector>

#include <boost/test/unit_test.hpp>

#include "waypost/json/decimal.hpp"
#include "waypost/json/reader.hpp"
#include "waypost/json/text.hpp"

namespace json = waypost::json;

namespace {

struct Reading {
  std::vector<json::Flaw> flaws;
  std::optional<json::Flaw> error;
};

Reading read_all(std::string_view text) {
  Reading reading;
  json::Reader reader(text);
  while (true) {
    const json::Token token = reader.next();
    if (auto flaw = reader.take_flaw()) reading.flaws.push_back(*flaw);
    if (token.kind == json::TokenKind::End) return reading;
    if (token.kind == json::TokenKind::Error) {
      reading.error = reader.error();
      return reading;
    }
  }
}

bool is_json(std::string_view text) {
  return !read_all(text).error;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(json_reader)

BOOST_AUTO_TEST_CASE(takes_what_rfc_8259_calls_json) {
  for (const auto* text :
       {"{}", "[]", " [ 1 , 2 ] ", "\"\"", "0", "-0", "-1.5e+3", "1E5", "true", "false", "null",
        R"({"a":{"b":[{}]}})", R"("\u00e9\n\/")", "\"\xC3\xA9\"", "\"\xF0\x9F\x98\x80\"",
        R"("\ud83d\ude00")", "\"\\u0000\""}) {
    BOOST_TEST(is_json(text), text);
  }
}

BOOST_AUTO_TEST_CASE(refuses_what_is_not_json) {
  for (const auto* text :
       {"",       " ",        "{",        "}",          "[",       "[1",        "[1,]",
        "[,1]",   "{\"a\"}",  "{\"a\":}", "{\"a\":1,}", "{a:1}",   "01",        "+1",
        "1.",     ".5",       "1e",       "1e+",        "--1",     "tru",       "True",
        "NaN",    "Infinity", "'a'",      "\"a",        "\"\\x\"", "\"\\u12\"", "\"\\",
        "\"\t\"", "1 2",      "[1] []",   "// a\n1",    "nullx"}) {
    BOOST_TEST(!is_json(text), text);
  }
}

// Strings are looked through in blocks, whose ends must not hide anything.
BOOST_AUTO_TEST_CASE(sees_every_byte_of_a_string) {
  for (std::size_t size = 1; size < 70; ++size) {
    for (std::size_t at = 0; at < size; ++at) {
      std::string inside(size, 'a');
      for (const char c : {'"', '\\', '\x01', '\x1F', '\x80', '\xFF'}) {
        inside[at] = c;
        BOOST_TEST(!is_json('"' + inside + '"'), "at " << at << " of " << size);
      }
      for (const char c : {'\x20', '\x7F', '!', '#', '[', ']'}) {
        inside[at] = c;
        BOOST_TEST(is_json('"' + inside + '"'), "at " << at << " of " << size);
      }
      std::string written;
      inside[at] = '\x1F';
      json::append_string(written, inside);
      std::string read;
      json::append_decoded(read, std::string_view(written).substr(1, written.size() - 2));
      BOOST_TEST((written.size() == size + 7 && read == inside), "at " << at << " of " << size);
    }
  }
}

BOOST_AUTO_TEST_CASE(refuses_invalid_utf8) {
  for (const auto* text : {"\"\x80\"", "\"\xC3\"", "\"\xC0\xAF\"", "\"\xE0\x80\x80\"",
                           "\"\xED\xA0\x80\"", "\"\xF5\x80\x80\x80\"", "\"\xF4\x90\x80\x80\""}) {
    const auto reading = read_all(text);
    BOOST_REQUIRE(reading.error);
    BOOST_TEST((reading.error->kind == json::FlawKind::InvalidUtf8));
  }
}

BOOST_AUTO_TEST_CASE(names_a_byte_order_mark) {
  const auto reading = read_all("\xEF\xBB\xBF{}");
  BOOST_REQUIRE(reading.error);
  BOOST_TEST((reading.error->kind == json::FlawKind::ByteOrderMark));
}

BOOST_AUTO_TEST_CASE(finds_a_duplicate_key_however_it_is_spelt) {
  const auto reading = read_all(R"({"x":[{"ab":1,"c":2,"\u0061b":3}]})");
  BOOST_TEST(!reading.error);
  BOOST_REQUIRE(reading.flaws.size() == 1U);
  BOOST_TEST((reading.flaws[0].kind == json::FlawKind::DuplicateKey));
  BOOST_TEST(reading.flaws[0].pointer == "/x/0/ab");
}

BOOST_AUTO_TEST_CASE(finds_a_duplicate_among_many_keys) {
  std::string text = "{";
  for (int i = 0; i < 1000; ++i) text += "\"key" + std::to_string(i) + "\":0,";
  BOOST_TEST(read_all(text + "\"other\":0}").flaws.empty());
  const auto reading = read_all(text + "\"key500\":0}");
  BOOST_REQUIRE(reading.flaws.size() == 1U);
  BOOST_TEST(reading.flaws[0].pointer == "/key500");
}

BOOST_AUTO_TEST_CASE(the_same_key_in_different_objects_is_no_duplicate) {
  BOOST_TEST(read_all(R"({"a":{"a":1},"b":{"a":1},"c":[{"a":1},{"a":1}]})").flaws.empty());
}

BOOST_AUTO_TEST_CASE(notes_lone_surrogates_and_huge_numbers_and_goes_on) {
  for (const auto* text :
       {R"("\ud83d")", R"("\ude00")", R"("\ud83d\ud83d\ude00")", R"("\uD83Dx")"}) {
    const auto reading = read_all(text);
    BOOST_TEST(!reading.error);
    BOOST_REQUIRE(reading.flaws.size() == 1U);
    BOOST_TEST((reading.flaws[0].kind == json::FlawKind::LoneSurrogate));
  }
  BOOST_TEST((read_all("[1e400]").flaws.at(0).kind == json::FlawKind::NumberRange));
  BOOST_TEST(read_all("[1e-400, 1e308, 123456789012345678901234567890]").flaws.empty());
}

BOOST_AUTO_TEST_CASE(depth_is_a_flaw_first_and_an_error_later) {
  const auto nested = [](std::size_t depth) {
    return std::string(depth, '[') + std::string(depth, ']');
  };
  BOOST_TEST(read_all(nested(64)).flaws.empty());
  const auto deep = read_all(nested(65));
  BOOST_TEST(!deep.error);
  BOOST_TEST((deep.flaws.at(0).kind == json::FlawKind::Depth));
  BOOST_TEST(!read_all(nested(512)).error);
  BOOST_TEST((read_all(nested(513)).error->kind == json::FlawKind::DepthHard));
  BOOST_TEST((read_all(std::string(1'000'000, '[')).error->kind == json::FlawKind::DepthHard));
}

BOOST_AUTO_TEST_CASE(pointers_start_at_the_marked_root) {
  json::Reader reader(R"({"entries":[{"a/b":{"~":[0,1]}}]})");
  for (int i = 0; i < 3; ++i) reader.next();
  reader.next();
  reader.mark_root();
  BOOST_TEST(reader.pointer() == "");
  for (int i = 0; i < 6; ++i) reader.next();
  BOOST_TEST(reader.pointer() == "/a~1b/~0/1");
}

BOOST_AUTO_TEST_CASE(an_error_names_the_last_member_or_the_object_of_a_broken_key) {
  BOOST_TEST(read_all(R"({"a":{"b":1,}})").error->pointer == "/a/b");
  BOOST_TEST(read_all(R"({"a":{"b":1 2}})").error->pointer == "/a/b");
  BOOST_TEST(read_all(R"({"a":{"b":1,"\q":2}})").error->pointer == "/a");
  BOOST_TEST(read_all(R"({"a":{"b":1,"\ud800":2}})").flaws[0].pointer == "/a");
}

BOOST_AUTO_TEST_CASE(skips_a_whole_value) {
  const std::string text = R"([{"a":[1,{"b":2}]},3])";
  json::Reader reader(text);
  reader.next();
  const auto value = reader.skip(reader.next());
  BOOST_TEST(text.substr(value.begin, value.end - value.begin) == R"({"a":[1,{"b":2}]})");
  BOOST_TEST((reader.next().kind == json::TokenKind::Number));
}

BOOST_AUTO_TEST_CASE(decodes_and_encodes_strings) {
  const std::string text = R"("a\"\\\/\b\f\n\r\t\u00e9\ud83d\ude00")";
  json::Reader reader(text);
  std::string scratch;
  const auto decoded = std::string(reader.decoded(reader.next(), scratch));
  BOOST_TEST(decoded == "a\"\\/\b\f\n\r\t\xC3\xA9\xF0\x9F\x98\x80");
  BOOST_TEST(json::as_string("a\"\\\n\x01") == R"("a\"\\\n\u0001")");
}

BOOST_AUTO_TEST_CASE(compares_decimals_exactly) {
  using json::compare_decimals;
  for (const auto& [left, right] : {std::pair{"1", "1.0"},
                                    {"10e-1", "1"},
                                    {"0", "-0.0e9"},
                                    {"100", "1e2"},
                                    {"0.001", "1e-3"},
                                    {"-1.50", "-1.5"}}) {
    BOOST_TEST((compare_decimals(left, right) == 0), left);
  }
  for (const auto& [less, more] :
       {std::pair{"-1.00001", "-1"},
        {"1", "1.01"},
        {"-2", "1"},
        {"0", "0.1"},
        {"9", "10"},
        {"123456789012345678901234567890", "123456789012345678901234567891"},
        {"1e-9", "1e-8"}}) {
    BOOST_TEST((compare_decimals(less, more) < 0), less);
    BOOST_TEST((compare_decimals(more, less) > 0), less);
  }
}

BOOST_AUTO_TEST_SUITE_END()
