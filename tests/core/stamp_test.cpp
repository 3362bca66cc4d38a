#include "waypost/statement/stamp.hpp"

#include <algorithm>
#include <array>
#include <random>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <boost/test/unit_test.hpp>

#include "waypost/json/reader.hpp"

namespace json = waypost::json;
using namespace waypost::statement;

namespace {

using Members = std::vector<std::pair<std::string, std::string>>;

// The outline of any JSON object, valid statement or not, by the reader alone.
class OutlineReader {
 public:
  static Outline of(std::string_view text, std::size_t objects_outside = 0) {
    OutlineReader self(text);
    json::Token first = self.reader_.next();
    for (std::size_t i = 0; i < objects_outside; ++i) first = self.reader_.next();
    self.outline_.whole.begin = first.begin;
    self.outline_.whole.end = self.read_object("");
    return self.outline_;
  }

 private:
  explicit OutlineReader(std::string_view text) : reader_(text) {}

  std::size_t read_object(const std::string& path) {
    std::string scratch;
    while (true) {
      const auto key = reader_.next();
      if (key.kind != json::TokenKind::Key) return key.end;
      const std::string name = path + "/" + std::string(reader_.decoded(key, scratch));
      const auto first = reader_.next();
      auto end = first.end;
      if (name == "/context") {
        end = read_object(name);
      } else {
        end = reader_.skip(first).end;
      }
      note(name, {{key.begin, key.end}, {first.begin, end}});
    }
  }

  void note(const std::string& name, const Member& member) {
    const std::array<std::pair<std::string_view, Member*>, 8> places{{
        {"/id", &outline_.id},
        {"/actor", &outline_.actor},
        {"/timestamp", &outline_.timestamp},
        {"/stored", &outline_.stored},
        {"/authority", &outline_.authority},
        {"/context", &outline_.context},
        {"/context/registration", &outline_.registration},
        {"/context/extensions", &outline_.context_extensions},
    }};
    for (const auto& [path, place] : places) {
      if (path == name) *place = member;
    }
  }

  json::Reader reader_;
  Outline outline_;
};

Members members_of(std::string_view object) {
  Members members;
  json::Reader reader(object);
  BOOST_REQUIRE((reader.next().kind == json::TokenKind::ObjectBegin));
  std::string scratch;
  auto token = reader.next();
  for (; token.kind == json::TokenKind::Key; token = reader.next()) {
    const std::string key(reader.decoded(token, scratch));
    members.emplace_back(key, reader.raw(reader.skip(reader.next())));
  }
  BOOST_REQUIRE((token.kind == json::TokenKind::ObjectEnd));
  BOOST_REQUIRE_MESSAGE((reader.next().kind == json::TokenKind::End), object);
  BOOST_TEST(!reader.take_flaw().has_value());
  return members;
}

std::optional<std::string> find(const Members& members, std::string_view key) {
  for (const auto& [name, value] : members) {
    if (name == key) return value;
  }
  return std::nullopt;
}

std::string stamped(std::string_view text, const Stamps& stamps) {
  return splice(text, OutlineReader::of(text), stamps);
}

bool is_subsequence(std::string_view part, std::string_view whole) {
  std::size_t at = 0;
  for (const char c : whole) {
    if (at < part.size() && part[at] == c) ++at;
  }
  return at == part.size();
}

Stamps with_id() {
  Stamps stamps;
  stamps.id = "\"new\"";
  return stamps;
}

Stamps removing_both() {
  Stamps stamps;
  stamps.remove_stored = true;
  stamps.remove_authority = true;
  return stamps;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(stamp)

BOOST_AUTO_TEST_CASE(no_stamps_leave_the_text_as_it_is) {
  const std::string text = "{ \"a\" : 1.10 ,\n\t\"b\":[ ] }";
  BOOST_TEST(Stamps{}.empty());
  BOOST_TEST(!with_id().empty());
  BOOST_TEST(stamped(text, {}) == text);
}

BOOST_AUTO_TEST_CASE(adds_a_member_with_the_comma_that_is_needed) {
  BOOST_TEST(stamped(R"({})", with_id()) == R"({"id":"new"})");
  BOOST_TEST(stamped(R"({ })", with_id()) == R"({"id":"new" })");
  BOOST_TEST(stamped(R"({"a":1})", with_id()) == R"({"id":"new","a":1})");
  BOOST_TEST(stamped("{\n  \"a\": 1\n}", with_id()) == "{\"id\":\"new\",\n  \"a\": 1\n}");
}

BOOST_AUTO_TEST_CASE(replaces_a_value_in_its_place) {
  BOOST_TEST(stamped(R"({"a":1, "id" : "old" })", with_id()) == R"({"a":1, "id" : "new" })");
  Stamps stamps;
  stamps.actor = R"({"mbox":"mailto:a@example.org"})";
  stamps.timestamp = R"("2026-11-23T08:00:00.000Z")";
  stamps.authority = "{}";
  stamps.remove_authority = true;
  BOOST_TEST(
      stamped(R"({"actor":{"name":"x"},"timestamp":"t","authority":{"name":"me"}})", stamps) ==
      R"({"actor":{"mbox":"mailto:a@example.org"},"timestamp":"2026-11-23T08:00:00.000Z",)"
      R"("authority":{}})");
}

BOOST_AUTO_TEST_CASE(removes_first_middle_last_neighbours_and_only_members) {
  const Stamps both = removing_both();
  BOOST_TEST(stamped(R"({"stored":"s","a":1})", both) == R"({"a":1})");
  BOOST_TEST(stamped(R"({"a":1,"stored":"s","b":2})", both) == R"({"a":1,"b":2})");
  BOOST_TEST(stamped(R"({"a":1 , "stored":"s" })", both) == R"({"a":1  })");
  BOOST_TEST(stamped(R"({"stored":"s"})", both) == R"({})");
  BOOST_TEST(stamped(R"({"stored":"s","authority":{}})", both) == R"({})");
  BOOST_TEST(stamped(R"({"a":1,"stored":"s" , "authority":{}})", both) == R"({"a":1})");
  BOOST_TEST(stamped(R"({"authority":{},"stored":"s","a":1})", both) == R"({"a":1})");
  BOOST_TEST(stamped(R"({"authority":{},"a":1,"stored":"s"})", both) == R"({"a":1})");
}

BOOST_AUTO_TEST_CASE(removes_and_adds_at_once) {
  Stamps stamps = removing_both();
  stamps.id = "\"new\"";
  BOOST_TEST(stamped(R"({"stored":"s","a":1})", stamps) == R"({"id":"new","a":1})");
  BOOST_TEST(stamped(R"({"stored":"s"})", stamps) == R"({"id":"new"})");
  BOOST_TEST(stamped(R"({"stored":"s","authority":{}})", stamps) == R"({"id":"new"})");
  BOOST_TEST(stamped(R"({"stored":"s","id":"old"})", stamps) == R"({"id":"new"})");
}

BOOST_AUTO_TEST_CASE(makes_or_extends_the_context) {
  Stamps stamps;
  stamps.registration = "\"r\"";
  BOOST_TEST(stamped(R"({"a":1})", stamps) == R"({"context":{"registration":"r"},"a":1})");
  BOOST_TEST(stamped(R"({"context":{ }})", stamps) == R"({"context":{"registration":"r" }})");
  BOOST_TEST(stamped(R"({"context":{"language":"en"}})", stamps) ==
             R"({"context":{"registration":"r","language":"en"}})");
  stamps.extension_key = "https://example.org/a\"b";
  stamps.extension_value = "-3";
  BOOST_TEST(
      stamped(R"({"a":1})", stamps) ==
      R"({"context":{"registration":"r","extensions":{"https://example.org/a\"b":-3}},"a":1})");
  BOOST_TEST(stamped(R"({"context":{"registration":"q"}})", stamps) ==
             R"({"context":{"extensions":{"https://example.org/a\"b":-3},"registration":"r"}})");
}

BOOST_AUTO_TEST_CASE(keeps_the_extensions_that_are_there) {
  Stamps stamps;
  stamps.extension_key = "x:b";
  stamps.extension_value = "2";
  BOOST_TEST(stamped(R"({"context":{"extensions":{}}})", stamps) ==
             R"({"context":{"extensions":{"x:b":2}}})");
  BOOST_TEST(stamped(R"({"context":{"extensions":{"x:a":{"x:b":0}}}})", stamps) ==
             R"({"context":{"extensions":{"x:b":2,"x:a":{"x:b":0}}}})");
  BOOST_TEST(stamped(R"({"context":{"extensions":{"x:a":1, "x:\u0062" : [0] }}})", stamps) ==
             R"({"context":{"extensions":{"x:a":1, "x:\u0062" : 2 }}})");
}

BOOST_AUTO_TEST_CASE(gives_a_statement_of_an_array_alone) {
  const std::string text = R"([ {"stored":"s","id":"old"} , {"a":1} ])";
  Stamps stamps = removing_both();
  stamps.id = "\"new\"";
  BOOST_TEST(splice(text, OutlineReader::of(text, 1), stamps) == R"({"id":"new"})");
}

BOOST_AUTO_TEST_CASE(uses_the_outline_that_validation_gives) {
  const std::string text = R"([{"verb":{"id":"x:v"},"object":{"id":"x:o"}},
    {"stored":"2026-11-23T08:00:00Z", "verb":{"id":"x:v"}, "context":{"extensions":{"x:a":1.10}},
     "object":{"id":"x:o"}, "authority":{"mbox":"mailto:lrs@example.org"}}])";
  const auto list = validate_list(text, {Version::V1_0_3, true, false}, 2);
  BOOST_REQUIRE(list.statements.size() == 2U);
  BOOST_REQUIRE(list.statements[1].valid());
  Stamps stamps = removing_both();
  stamps.actor = R"({"mbox":"mailto:a@example.org"})";
  stamps.registration = R"("6b2e0c5e-0f2b-4c58-9d6c-0c8a1c5d1f02")";
  stamps.extension_key = "x:b";
  stamps.extension_value = "2";
  const std::string result = splice(text, list.statements[1].outline, stamps);
  BOOST_TEST(result ==
             R"({"actor":{"mbox":"mailto:a@example.org"}, "verb":{"id":"x:v"}, "context":{)"
             R"("registration":"6b2e0c5e-0f2b-4c58-9d6c-0c8a1c5d1f02",)"
             R"("extensions":{"x:b":2,"x:a":1.10}},)"
             "\n     "
             R"("object":{"id":"x:o"}})");
  BOOST_TEST(validate(result, {Version::V1_0_3, false, false}).valid());
}

// Texts of every shape: members in any order, with any white space, some of them absent.
class TextMaker {
 public:
  explicit TextMaker(std::uint32_t seed) : random_(seed) {}

  std::string statement() {
    Members members{{"id", "\"old\""},
                    {"actor", R"({"name":"A, B } \" {"})"},
                    {"verb", R"({"id":"x:v"})"},
                    {"timestamp", "\"t\""},
                    {"stored", "\"s\""},
                    {"authority", R"({"name":"me"})"},
                    {"result", R"({"score":{"raw":1.10}})"}};
    if (chance()) members.emplace_back("context", context());
    return object(some_of(members));
  }

  bool chance() { return random_() % 2 == 0; }

 private:
  std::string context() {
    Members members{{"registration", "\"q\""}, {"language", "\"en\""}, {"platform", "\"p\""}};
    if (chance()) {
      members.emplace_back("extensions", object(some_of({{"x:a", "[1,2]"}, {"x:b", "null"}})));
    }
    return object(some_of(members));
  }

  Members some_of(Members members) {
    std::shuffle(members.begin(), members.end(), random_);
    members.erase(
        std::remove_if(members.begin(), members.end(), [&](const auto&) { return chance(); }),
        members.end());
    return members;
  }

  std::string object(const Members& members) {
    std::string text = "{";
    for (const auto& [key, value] : members) {
      if (text.size() > 1 && text.find('"') != text.npos) text += ",";
      text += space() + "\"" + key + "\"" + space() + ":" + space() + value + space();
    }
    return text + space() + "}";
  }

  std::string space() {
    static const std::array<std::string, 4> kSpaces{"", " ", "\n  ", "\r\n\t"};
    return kSpaces.at(random_() % 4);
  }

  std::mt19937 random_;
};

Stamps random_stamps(TextMaker& maker) {
  Stamps stamps;
  if (maker.chance()) stamps.id = "\"new\"";
  if (maker.chance()) stamps.actor = R"({"mbox":"mailto:b@example.org"})";
  if (maker.chance()) stamps.timestamp = "\"now\"";
  if (maker.chance()) stamps.registration = "\"r\"";
  if (maker.chance()) stamps.authority = "{}";
  if (maker.chance()) stamps.extension_key = "x:b";
  stamps.extension_value = "{\"y\":2}";
  stamps.remove_authority = maker.chance();
  stamps.remove_stored = maker.chance();
  return stamps;
}

void check_member(const Members& before, const Members& after, std::string_view key,
                  const std::optional<std::string>& stamp, bool removed) {
  const auto expected = stamp ? stamp : (removed ? std::nullopt : find(before, key));
  BOOST_TEST((find(after, key) == expected), key);
}

void check_context(const std::string& before, const std::string& after, const Stamps& stamps) {
  const Members old_members = members_of(before);
  const Members new_members = members_of(after);
  check_member(old_members, new_members, "registration", stamps.registration, false);
  check_member(old_members, new_members, "language", {}, false);
  check_member(old_members, new_members, "platform", {}, false);
  const Members old_extensions = members_of(find(old_members, "extensions").value_or("{}"));
  const Members new_extensions = members_of(find(new_members, "extensions").value_or("{}"));
  const auto value = stamps.extension_key ? std::optional(stamps.extension_value) : std::nullopt;
  check_member(old_extensions, new_extensions, "x:a", {}, false);
  check_member(old_extensions, new_extensions, "x:b", value, false);
}

BOOST_AUTO_TEST_CASE(any_text_gets_the_stamps_and_keeps_the_rest) {
  TextMaker maker(1);
  for (int i = 0; i < 20'000; ++i) {
    const std::string text = maker.statement();
    const Stamps stamps = random_stamps(maker);
    const std::string result = stamped(text, stamps);
    const Members before = members_of(text);
    const Members after = members_of(result);
    check_member(before, after, "id", stamps.id, false);
    check_member(before, after, "actor", stamps.actor, false);
    check_member(before, after, "timestamp", stamps.timestamp, false);
    check_member(before, after, "authority", stamps.authority, stamps.remove_authority);
    check_member(before, after, "stored", {}, stamps.remove_stored);
    check_member(before, after, "verb", {}, false);
    check_member(before, after, "result", {}, false);
    check_context(find(before, "context").value_or("{}"), find(after, "context").value_or("{}"),
                  stamps);
  }
}

BOOST_AUTO_TEST_CASE(what_is_not_stamped_stays_byte_for_byte) {
  TextMaker maker(2);
  for (int i = 0; i < 20'000; ++i) {
    const std::string text = maker.statement();
    Stamps stamps = random_stamps(maker);
    stamps.remove_authority = false;
    stamps.remove_stored = false;
    const Outline outline = OutlineReader::of(text);
    if (outline.context_extensions.present()) stamps.extension_key.reset();
    // The old text without the values that are replaced must be found in order in the new one.
    std::string kept = text;
    std::vector<Span> replaced;
    if (stamps.id) replaced.push_back(outline.id.value);
    if (stamps.actor) replaced.push_back(outline.actor.value);
    if (stamps.timestamp) replaced.push_back(outline.timestamp.value);
    if (stamps.authority) replaced.push_back(outline.authority.value);
    if (stamps.registration) replaced.push_back(outline.registration.value);
    std::sort(replaced.begin(), replaced.end(),
              [](const Span& left, const Span& right) { return left.begin > right.begin; });
    for (const Span& span : replaced) kept.erase(span.begin, span.end - span.begin);
    const std::string result = stamped(text, stamps);
    BOOST_TEST_INFO(text << " -> " << result);
    BOOST_TEST(is_subsequence(kept, result));
  }
}

BOOST_AUTO_TEST_SUITE_END()
