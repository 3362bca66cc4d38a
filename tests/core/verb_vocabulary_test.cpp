#include "waypost/statement/verb_vocabulary.hpp"

#include <algorithm>
#include <fstream>
#include <iterator>
#include <string>

#include <boost/test/unit_test.hpp>

using namespace waypost::statement;

namespace {

std::string events_page() {
  std::ifstream file(WAYPOST_TESTS_FOLDER "/../docs/events.md");
  BOOST_REQUIRE(file.good());
  return {std::istreambuf_iterator<char>(file), {}};
}

template <typename Rows>
void check_words_and_ids_are_unique(const Rows& rows) {
  for (auto row = rows.begin(); row != rows.end(); ++row) {
    BOOST_TEST(std::none_of(rows.begin(), row,
                            [&](const auto& other) {
                              return other.word == row->word || other.id == row->id;
                            }),
               row->word);
  }
}

template <typename Rows>
void check_page_has(const Rows& rows) {
  const std::string page = events_page();
  for (const auto& row : rows) {
    const std::string line = "| `" + std::string(row.word) + "` | `" + std::string(row.id) + "` |";
    BOOST_TEST((page.find(line) != page.npos), line);
  }
}

}  // namespace

BOOST_AUTO_TEST_SUITE(verb_vocabulary)

BOOST_AUTO_TEST_CASE(finds_verbs_by_word_and_by_id) {
  const Verb* completed = find_verb("completed");
  BOOST_REQUIRE(completed != nullptr);
  BOOST_TEST(completed->id == "http://adlnet.gov/expapi/verbs/completed");
  BOOST_TEST(completed->display == "completed");
  BOOST_TEST(find_verb_by_id(completed->id) == completed);
  BOOST_TEST(find_verb("Completed") == nullptr);
  BOOST_TEST(find_verb("") == nullptr);
  BOOST_TEST(find_verb_by_id("http://adlnet.gov/expapi/verbs/complete") == nullptr);
}

BOOST_AUTO_TEST_CASE(finds_types_of_activities) {
  const ActivityType* video = find_activity_type("video");
  BOOST_REQUIRE(video != nullptr);
  BOOST_TEST(video->id == "https://w3id.org/xapi/video/activity-type/video");
  BOOST_TEST(find_activity_type("vdieo") == nullptr);
}

BOOST_AUTO_TEST_CASE(words_and_ids_are_unique) {
  check_words_and_ids_are_unique(verbs());
  check_words_and_ids_are_unique(activity_types());
}

BOOST_AUTO_TEST_CASE(the_page_about_events_lists_them_all) {
  check_page_has(verbs());
  check_page_has(activity_types());
}

BOOST_AUTO_TEST_SUITE_END()
