// Settings that change while the relay runs: by its own program and SIGHUP.
#include <string>

#include <signal.h>  // NOLINT(modernize-deprecated-headers): sighandler_t is POSIX
#include <sys/resource.h>

#include <boost/test/unit_test.hpp>

#include "proxy/course_page.hpp"
#include "proxy/relay_process.hpp"
#include "proxy/running_lrs.hpp"

namespace {

using namespace waypost::tests;
namespace practice = waypost::practice;

const std::string kOtherOrigin = "https://other.example.org";

practice::Options lrs_options(std::string_view secret = kCanarySecret) {
  practice::Options options;
  options.api_key = "key";
  options.api_secret = secret;
  return options;
}

// The status of the nth statement from a page of this origin.
unsigned post(const RelayProcess& relay, std::size_t n, std::string_view origin = kCourseOrigin) {
  return post(relay, course_statement(n), origin).status;
}

std::string replaced(std::string text, std::string_view from, std::string_view to) {
  const auto at = text.find(from);
  BOOST_REQUIRE(at != std::string::npos);
  return text.replace(at, from.size(), to);
}

bool contains(const std::string& text, std::string_view part) {
  return text.find(part) != std::string::npos;
}

// relay.toml with a second origin.
std::string with_other_origin(const std::string& settings) {
  return replaced(settings, "\"]", "\", \"" + kOtherOrigin + "\"]");
}

// Programs that are started while this lives take it for an error when a file grows too large.
class UnheardFileSizeSignal {
 public:
  UnheardFileSizeSignal() : handler_(::signal(SIGXFSZ, SIG_IGN)) {}

  UnheardFileSizeSignal(const UnheardFileSizeSignal&) = delete;
  UnheardFileSizeSignal& operator=(const UnheardFileSizeSignal&) = delete;

  ~UnheardFileSizeSignal() { ::signal(SIGXFSZ, handler_); }

 private:
  sighandler_t handler_;
};

// No file of a process can be written beyond so many bytes while this lives.
class FileSizeLimit {
 public:
  FileSizeLimit(pid_t process, rlim_t bytes) : process_(process) {
    ::prlimit(process_, RLIMIT_FSIZE, nullptr, &before_);
    const rlimit limited{bytes, before_.rlim_max};
    ::prlimit(process_, RLIMIT_FSIZE, &limited, nullptr);
  }

  FileSizeLimit(const FileSizeLimit&) = delete;
  FileSizeLimit& operator=(const FileSizeLimit&) = delete;

  ~FileSizeLimit() { ::prlimit(process_, RLIMIT_FSIZE, &before_, nullptr); }

 private:
  pid_t process_;
  rlimit before_{};
};

}  // namespace

BOOST_AUTO_TEST_SUITE(reload)

BOOST_AUTO_TEST_CASE(a_new_secret_lets_a_blocked_destination_go_on) {
  const RunningLrs lrs(lrs_options("the-new-secret"));
  RelayProcess relay(lrs.url());
  relay.start();
  BOOST_TEST(post(relay, 1) == 200U);
  relay.await_log("\"condition\":\"blocked\"");
  relay.write_secret("the-new-secret");
  BOOST_TEST(contains(relay.reload(), "\"settings reloaded\""));
  BOOST_TEST(lrs.statements(1)["statements"].size() == 1U);
  BOOST_TEST(relay.end(SIGTERM) == 0);
  BOOST_TEST(!contains(relay.log(), "the-new-secret"));
  BOOST_TEST(!contains(relay.log(), kCanarySecret));
}

BOOST_AUTO_TEST_CASE(an_interval_that_became_shorter_holds_for_what_waits) {
  const RunningLrs lrs(lrs_options());
  RelayProcess relay(lrs.url());
  const std::string at_once = relay.settings();
  relay.write_settings(replaced(at_once, "update_interval_s = 0", "update_interval_s = 3600"));
  relay.start();
  BOOST_TEST(post(relay, 1) == 200U);
  relay.write_settings(at_once);
  BOOST_TEST(contains(relay.reload(), "\"settings reloaded\""));
  BOOST_TEST(lrs.statements(1)["statements"].size() == 1U);
}

BOOST_AUTO_TEST_CASE(an_origin_is_added_and_taken_away) {
  const RunningLrs lrs(lrs_options());
  RelayProcess relay(lrs.url());
  relay.start();
  BOOST_TEST(post(relay, 1, kOtherOrigin) == 403U);
  const std::string before = relay.settings();
  relay.write_settings(with_other_origin(before));
  BOOST_TEST(contains(relay.reload(), "\"settings reloaded\""));
  BOOST_TEST(post(relay, 1, kOtherOrigin) == 200U);
  BOOST_TEST(post(relay, 2) == 200U);
  relay.write_settings(before);
  BOOST_TEST(contains(relay.reload(), "\"settings reloaded\""));
  BOOST_TEST(post(relay, 3, kOtherOrigin) == 403U);
}

BOOST_AUTO_TEST_CASE(wrong_settings_change_nothing_and_every_problem_is_logged) {
  const RunningLrs lrs(lrs_options());
  RelayProcess relay(lrs.url());
  relay.start();
  const std::string before = relay.settings();
  const std::string elsewhere = replaced(before, "/xapi/", "/other/");
  relay.write_settings(with_other_origin(elsewhere) + "colour = \"red\"\n[alerts]\nnonsense = 1\n");
  const std::size_t begin = relay.log().size();
  BOOST_TEST(contains(relay.reload(), "\"settings not reloaded\""));
  relay.await_log("colour", begin);
  relay.await_log("nonsense", begin);
  BOOST_TEST(post(relay, 1, kOtherOrigin) == 403U);
  BOOST_TEST(post(relay, 1) == 200U);
  relay.write_settings("no TOML");
  BOOST_TEST(contains(relay.reload(), "not TOML"));
  BOOST_TEST(lrs.statements(1)["statements"].size() == 1U);
  BOOST_TEST(relay.end(SIGTERM) == 0);
}

BOOST_AUTO_TEST_CASE(what_needs_a_restart_is_refused_as_a_whole) {
  const RunningLrs lrs(lrs_options());
  RelayProcess relay(lrs.url());
  relay.start();
  const std::string before = with_other_origin(replaced(relay.settings(), "/xapi/", "/other/"));

  struct Change {
    std::string from;
    std::string to;
    std::string word;
  };

  for (const Change& change : {
           Change{"folder = \"store\"", "folder = \"elsewhere\"", "[store] folder"},
           Change{"private = \"127.0.0.1:0\"", "private = \"127.0.0.1:9\"", "[listen] private"},
           Change{"\"first-aid\"", "\"second-aid\"", "organisations"},
           Change{"courses.example", "c.example", "names the learners"},
           Change{"update_interval_s", "xapi_version = \"2.0.0\"\nupdate_interval_s",
                  "xapi_version"},
       }) {
    relay.write_settings(replaced(before, change.from, change.to));
    const std::string told = relay.reload();
    BOOST_TEST(contains(told, "\"settings not reloaded\""));
    BOOST_CHECK_MESSAGE(contains(told, change.word), told << "does not say " << change.word);
    BOOST_TEST(contains(told, "needs a restart"));
    BOOST_TEST(post(relay, 1, kOtherOrigin) == 403U);
  }
  BOOST_TEST(post(relay, 1) == 200U);
  BOOST_TEST(lrs.statements(1)["statements"].size() == 1U);
}

BOOST_AUTO_TEST_CASE(a_disk_that_fails_leaves_everything_as_it_was) {
  const RunningLrs lrs(lrs_options());
  const RunningLrs other(lrs_options());
  const UnheardFileSizeSignal unheard;
  RelayProcess relay(lrs.url());
  relay.start();
  auto large = course_statement(1);
  large["result"]["response"] = std::string(200'000, 'x');
  BOOST_TEST(post(relay, large).status == 200U);
  BOOST_TEST(lrs.statements(1)["statements"].size() == 1U);
  relay.write_settings(with_other_origin(replaced(relay.settings(), lrs.url(), other.url())));
  {
    // The log stays below it, what the store writes does not.
    const FileSizeLimit limit(relay.process(), 100'000);
    const std::string told = relay.reload();
    BOOST_TEST(contains(told, "\"settings not reloaded\""));
    BOOST_TEST(contains(told, "cannot be taken over"));
  }
  BOOST_TEST(post(relay, 2, kOtherOrigin) == 403U);
  BOOST_TEST(post(relay, 2) == 200U);
  BOOST_TEST(lrs.statements(2)["statements"].size() == 2U);
  BOOST_TEST(contains(relay.reload(), "\"settings reloaded\""));
  BOOST_TEST(post(relay, 3, kOtherOrigin) == 200U);
  BOOST_TEST(other.statements(1)["statements"].size() == 1U);
  BOOST_TEST(lrs.statements()["statements"].size() == 2U);
}

BOOST_AUTO_TEST_CASE(a_restart_with_another_key_holds_the_queue_and_tells_a_human) {
  RunningLrs lrs(lrs_options());
  lrs.order_fault(R"({"status": 503})");
  RelayProcess relay(lrs.url(), "[alerts]\noutage_after_s = 0\n");
  relay.start();
  BOOST_TEST(post(relay, 1) == 200U);
  relay.await_log("\"alert\":\"outage\"");
  BOOST_TEST(relay.end(SIGTERM) == 0);
  relay.write_settings(replaced(relay.settings(), "api_key = \"key\"", "api_key = \"other\""));
  const std::size_t begin = relay.log().size();
  relay.start();
  const std::string told = relay.await_log("\"alert\":\"queue-held\",\"phase\":\"began\"", begin);
  BOOST_TEST(!contains(told, "\"alert\":\"outage\""));
}

BOOST_AUTO_TEST_SUITE_END()
