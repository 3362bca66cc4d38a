#include "proxy/configuration/configuration.hpp"

#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

#include <boost/test/unit_test.hpp>

#include "proxy/temporary_folder.hpp"

namespace {

namespace fs = std::filesystem;
using namespace waypost::relay;

// A folder with a secret and a relay.toml.
class Place {
 public:
  Place() {
    write("secret", "s3cret\n");
    fs::permissions(folder_.path() / "secret", fs::perms::owner_read);
    write("open_secret", "s3cret");
    fs::permissions(folder_.path() / "open_secret", fs::perms(0644));
    write("empty_secret", "");
    fs::permissions(folder_.path() / "empty_secret", fs::perms(0600));
  }

  ConfigurationReading read(const std::string& text) {
    write("relay.toml", text);
    return read_configuration(folder_.path() / "relay.toml");
  }

  fs::path path() const { return folder_.path(); }

 private:
  void write(const std::string& name, const std::string& text) {
    std::ofstream(folder_.path() / name) << text;
  }

  waypost::TemporaryFolder folder_;
};

const std::string kStore = "[store]\nfolder = \"store\"\n";
const std::string kOrganisation =
    "[[organisation]]\nname = \"first-aid\"\norigins = [\"https://courses.example.org\"]\n";
const std::string kDestination =
    "[[organisation.destination]]\nurl = \"https://lrs.example.org/xapi\"\napi_key = \"key\"\n"
    "api_secret_file = \"secret\"\n";
const std::string kWhole = kStore + kOrganisation + kDestination;

std::string with_url(const std::string& url) {
  return "[[organisation.destination]]\nurl = \"" + url +
         "\"\napi_key = \"key\"\napi_secret_file = \"secret\"\n";
}

struct Wrong {
  std::string text;
  unsigned line;
  std::string word;  // of the message
};

// Lines 10 and 11 of a whole configuration that mails.
const std::string kMail =
    "[alerts]\nemail_to = [\"admin@example.org\"]\nemail_from = \"waypost@example.org\"\n";
const std::string kMailWhole = kWhole + kMail + "smtp_url = \"smtp://mail.example.org:587\"\n";

// Each has one problem, with its line and what helps.
const std::vector<Wrong> kWrong = {
    {"nonsense", 1, "not TOML"},
    {kWhole + "[store]\n", 10, "not TOML"},
    {"[lisen]\n" + kWhole, 1, "\"listen\""},
    {"[listen]\npubic = \"127.0.0.1:1\"\n" + kWhole, 2, "\"public\""},
    {"[listen]\npublic = 8800\n" + kWhole, 2, "public = \"127.0.0.1:8800\""},
    {"[listen]\npublic = \"8800\"\n" + kWhole, 2, "127.0.0.1:8800"},
    {"[listen]\npublic = \"127.0.0.1:70000\"\n" + kWhole, 2, "numeric address"},
    {"[listen]\npublic = \"example.org:80\"\n" + kWhole, 2, "numeric address"},
    {"[listen]\npublic = \"127.0.0.1:8801\"\n" + kWhole, 1, "same"},
    {"[listen]\nprefix = \"waypost/\"\n" + kWhole, 2, "\"/waypost\""},
    {"[listen]\nprefix = \"/a/../b\"\n" + kWhole, 2, "\"/waypost\""},
    {"listen = 5\n" + kWhole, 1, "[listen]"},
    {kOrganisation + kDestination, 1, "folder"},
    {"[store]\nfolder = \"no/such/folder\"\n" + kOrganisation + kDestination, 2, "does not exist"},
    {"[store]\nfolder = \"secret\"\n" + kOrganisation + kDestination, 2, "no folder"},
    {"[store]\nfolder = \"\"\n" + kOrganisation + kDestination, 2, "/var/lib/waypost"},
    {"[tracker]\nfolder = \"none\"\n" + kWhole, 2, "does not exist"},
    {kStore, 1, "[[organisation]]"},
    {kStore + "[organisation]\nname = \"x\"\n", 3, "[[organisation]]"},
    {kStore + "[[organisation]]\nname = \"a b\"\norigins = [\"https://a.example\"]\n" +
         kDestination,
     4, "letters"},
    {kWhole + kOrganisation + kDestination, 11, "two organisations"},
    {kStore + "[[organisation]]\nname = \"x\"\n" + kDestination, 3, "\"origins\" is missing"},
    {kStore + "[[organisation]]\nname = \"x\"\norigins = []\n" + kDestination, 5, "empty"},
    {kStore + "[[organisation]]\nname = \"x\"\norigins = \"https://a.example\"\n" + kDestination, 5,
     "origins = ["},
    {kStore + "[[organisation]]\nname = \"x\"\norigins = [\"https://A.example:443/\"]\n" +
         kDestination,
     5, "\"https://a.example\""},
    {kStore + "[[organisation]]\nname = \"x\"\norigins = [\"*\"]\n" + kDestination, 5, "no origin"},
    {kStore + kOrganisation, 3, "[[organisation.destination]]"},
    {kWhole + "alerts = 5\n", 10, "alerts"},
    {kWhole + "[alerts]\nemail_too = []\n", 11, "\"email_to\""},
    {kWhole + "[alerts]\nemail_to = \"a@example.org\"\n", 11, "email_to = ["},
    {kWhole + "[alerts]\nemail_from = \"a@example.org\"\n", 11, "nobody to mail to"},
    {kWhole + "[alerts]\nsmtp_url = \"smtp://mail.example.org\"\n", 11, "nobody to mail to"},
    {kWhole + kMail, 10, "\"smtp_url\" is missing"},
    {kWhole + kMail + "smtp_url = \"http://mail.example.org\"\n", 13, "smtp or smtps"},
    {kWhole + kMail + "smtp_url = \"smtp://u:p@mail.example.org\"\n", 13, "smtp_user"},
    {kWhole + kMail + "smtp_url = \"smtp://mail.example.org/x\"\n", 13, "leave out"},
    {kMailWhole + "smtp_tls = \"on\"\n", 14, "\"off\""},
    {kMailWhole + "smtp_user = \"u\"\n", 14, "smtp_password_file"},
    {kMailWhole + "smtp_password_file = \"secret\"\n", 14, "smtp_user"},
    {kMailWhole + "smtp_user = \"u\"\nsmtp_password_file = \"open_secret\"\n", 15, "chmod 600"},
    {kMailWhole + "smtp_user = \"a\\nb\"\nsmtp_password_file = \"secret\"\n", 14, "control"},
    {kMailWhole + "smtp_tls = \"off\"\nsmtp_user = \"u\"\nsmtp_password_file = \"secret\"\n", 15,
     "everybody on the way"},
    {kWhole + "[alerts]\nemail_to = [\"a@x\\r\\nBcc: b@x\"]\nemail_from = \"w@x\"\n" +
         "smtp_url = \"smtp://x\"\n",
     11, "no plain mail address"},
    {kWhole + "[alerts]\nwebhook_url = \"smtp://x\"\n", 11, "http"},
    {kWhole + "[alerts]\nwebhook_url = \"https://u:p@x/\"\n", 11, "user name"},
    {kWhole + "[alerts]\noutage_after_s = -1\n", 11, "from 0 to 604800"},
    {kWhole + "[alerts]\noldest_waiting_s = 1\n", 11, "from 60"},
    {kWhole + "urll = \"x\"\n", 10, "\"url\""},
    {kWhole + "colour = \"x\"\n", 10, "api_key"},
    {kWhole + "update_interval_s = -1\n", 10, "from 0 to 86400"},
    {kWhole + "update_interval_s = 1.5\n", 10, "fraction"},
    {kWhole + "update_interval_s = \"30\"\n", 10, "a whole number from 0 to 86400"},
    {kWhole + "batch_count_max = 0\n", 10, "from 1"},
    {kWhole + "batch_bytes_max = 100\n", 10, "from 16384"},
    {kWhole + "xapi_version = \"1.0.2\"\n", 10, "\"2.0.0\""},
    {kWhole + kDestination, 11, "already"},
    {kWhole + with_url("https://lrs.example.org/xapi/"), 11, "already"},
    {kStore + kOrganisation + with_url("https://x/xapi/statements"), 7, "appends itself"},
    {kStore + kOrganisation + with_url("https://x/xapi/statements/"), 7, "appends itself"},
    {kStore + kOrganisation + with_url("https://x:0/xapi"), 7, "port 0"},
    {kStore + kOrganisation + "[[organisation.destination]]\nurl = \"ftp://x\"\napi_key = \"k\"\n" +
         "api_secret_file = \"secret\"\n",
     7, "http"},
    {kStore + kOrganisation +
         "[[organisation.destination]]\nurl = \"https://u:p@x/\"\napi_key = \"k\"\n" +
         "api_secret_file = \"secret\"\n",
     7, "api_key"},
    {kStore + kOrganisation +
         "[[organisation.destination]]\nurl = \"https://x/#a\"\napi_key = \"k\"\n" +
         "api_secret_file = \"secret\"\n",
     7, "fragment"},
    {kStore + kOrganisation +
         "[[organisation.destination]]\nurl = \"https://x/\"\napi_key = \"k:l\"\n" +
         "api_secret_file = \"secret\"\n",
     8, "colon"},
    {kStore + kOrganisation +
         "[[organisation.destination]]\nurl = \"https://x/\"\napi_key = \"k\"\n" +
         "api_secret_file = \"none\"\n",
     9, "cannot be read"},
    {kStore + kOrganisation +
         "[[organisation.destination]]\nurl = \"https://x/\"\napi_key = \"k\"\n" +
         "api_secret_file = \"open_secret\"\n",
     9, "chmod 600"},
    {kStore + kOrganisation +
         "[[organisation.destination]]\nurl = \"https://x/\"\napi_key = \"k\"\n" +
         "api_secret_file = \"empty_secret\"\n",
     9, "is empty"},
};

}  // namespace

BOOST_AUTO_TEST_SUITE(configuration)

BOOST_AUTO_TEST_CASE(reads_what_is_set_and_fills_in_what_is_not) {
  Place place;
  const auto reading = place.read(kWhole);
  for (const Problem& problem : reading.problems) BOOST_ERROR(problem.text());
  BOOST_REQUIRE(reading.configuration);
  const Configuration& configuration = *reading.configuration;
  BOOST_CHECK_EQUAL(configuration.public_address.text(), "127.0.0.1:8800");
  BOOST_CHECK_EQUAL(configuration.private_address.text(), "127.0.0.1:8801");
  BOOST_CHECK_EQUAL(configuration.prefix, "/waypost");
  BOOST_CHECK_EQUAL(configuration.store_folder, place.path() / "store");
  BOOST_CHECK(!configuration.tracker_folder);
  const DestinationSettings& destination = configuration.organisations.at(0).destinations.at(0);
  BOOST_CHECK_EQUAL(destination.api_secret.reveal(), "s3cret");
  BOOST_CHECK_EQUAL(destination.update_interval.ms, 30'000);
  BOOST_CHECK_EQUAL(destination.batch_count_max, 100U);
  BOOST_CHECK(destination.xapi_version == waypost::statement::Version::V1_0_3);
}

BOOST_AUTO_TEST_CASE(takes_every_setting) {
  Place place;
  const auto reading = place.read(
      "[listen]\npublic = \"[::1]:80\"\nprivate = \"localhost:81\"\n"
      "prefix = \"/lrs/waypost\"\n" +
      kStore + kOrganisation + "queue_bytes_max = 20000000\n" + kDestination +
      "update_interval_s = 0\nbatch_count_max = 50\n"
      "batch_bytes_max = 65536\nxapi_version = \"2.0.0\"\n");
  BOOST_REQUIRE(reading.configuration);
  BOOST_CHECK_EQUAL(reading.configuration->public_address.text(), "[::1]:80");
  BOOST_CHECK_EQUAL(reading.configuration->private_address.text(), "127.0.0.1:81");
  BOOST_CHECK_EQUAL(reading.configuration->prefix, "/lrs/waypost");
  const auto& destination = reading.configuration->organisations.at(0).destinations.at(0);
  BOOST_CHECK_EQUAL(destination.update_interval.ms, 0);
  BOOST_CHECK_EQUAL(reading.configuration->organisations.at(0).queue_bytes_max, 20'000'000);
  BOOST_CHECK_EQUAL(destination.batch_bytes_max, 65536U);
}

BOOST_AUTO_TEST_CASE(reads_to_whom_alerts_go) {
  Place place;
  auto reading = place.read(kWhole);
  BOOST_REQUIRE(reading.configuration);
  BOOST_CHECK(reading.configuration->alerts.mail.to.empty());
  BOOST_CHECK(reading.configuration->alerts.webhook_url.empty());
  BOOST_CHECK_EQUAL(reading.configuration->alerts.outage_after.ms, 15 * 60'000);
  reading = place.read(kMailWhole +
                       "smtp_user = \"waypost\"\nsmtp_password_file = \"secret\"\n"
                       "webhook_url = \"https://hooks.example.org/a?b=c\"\n"
                       "outage_after_s = 60\noldest_waiting_s = 3600\n");
  for (const Problem& problem : reading.problems) BOOST_ERROR(problem.text());
  BOOST_REQUIRE(reading.configuration);
  const AlertSettings& alerts = reading.configuration->alerts;
  BOOST_CHECK_EQUAL(alerts.mail.to.at(0), "admin@example.org");
  BOOST_CHECK_EQUAL(alerts.mail.from, "waypost@example.org");
  BOOST_CHECK_EQUAL(alerts.mail.smtp_url, "smtp://mail.example.org:587");
  BOOST_CHECK(alerts.mail.tls_required);
  BOOST_CHECK_EQUAL(alerts.mail.smtp_user, "waypost");
  BOOST_CHECK_EQUAL(alerts.mail.smtp_password.reveal(), "s3cret");
  BOOST_CHECK_EQUAL(alerts.webhook_url, "https://hooks.example.org/a?b=c");
  BOOST_CHECK_EQUAL(alerts.outage_after.ms, 60'000);
  BOOST_CHECK_EQUAL(alerts.oldest_waiting.ms, 3'600'000);
}

BOOST_AUTO_TEST_CASE(only_a_server_on_this_machine_is_trusted_without_tls) {
  Place place;
  const auto tls_with = [&](const std::string& more) {
    const auto reading = place.read(kWhole + kMail + more);
    BOOST_REQUIRE_MESSAGE(reading.configuration, more);
    return reading.configuration->alerts.mail.tls_required;
  };
  for (const char* host : {"localhost", "127.0.0.1:25", "127.1.2.3", "[::1]:25"}) {
    BOOST_CHECK_MESSAGE(!tls_with("smtp_url = \"smtp://" + std::string(host) + "\"\n"), host);
  }
  for (const char* host : {"localhost.example.org", "127.0.0.1.example.org", "128.0.0.1"}) {
    BOOST_CHECK_MESSAGE(tls_with("smtp_url = \"smtp://" + std::string(host) + "\"\n"), host);
  }
  BOOST_CHECK(tls_with("smtp_url = \"smtp://localhost\"\nsmtp_tls = \"required\"\n"));
  BOOST_CHECK(!tls_with("smtp_url = \"smtp://mail.example.org\"\nsmtp_tls = \"off\"\n"));
}

BOOST_AUTO_TEST_CASE(refuses_what_is_wrong_where_it_stands) {
  Place place;
  for (const Wrong& wrong : kWrong) {
    const auto reading = place.read(wrong.text);
    BOOST_CHECK_MESSAGE(!reading.configuration, wrong.text);
    BOOST_REQUIRE_MESSAGE(reading.problems.size() == 1, reading.problems.size() << " problems in\n"
                                                                                << wrong.text);
    const Problem& problem = reading.problems.front();
    BOOST_CHECK_MESSAGE(problem.line == wrong.line && problem.column > 0,
                        problem.text() << " is not in line " << wrong.line);
    BOOST_CHECK_MESSAGE(problem.message.find(wrong.word) != std::string::npos,
                        problem.text() << " does not say " << wrong.word);
    BOOST_CHECK(problem.text().find("s3cret") == std::string::npos);
  }
}

BOOST_AUTO_TEST_CASE(lists_all_problems_in_order_of_lines) {
  Place place;
  const auto reading = place.read("[listen]\npublic = 1\nprivate = 2\n" + kStore +
                                  "[[organisation]]\nname = 3\norigins = 4\n");
  BOOST_REQUIRE_EQUAL(reading.problems.size(), 5U);
  for (std::size_t i = 1; i < reading.problems.size(); ++i) {
    BOOST_CHECK_LE(reading.problems[i - 1].line, reading.problems[i].line);
  }
}

BOOST_AUTO_TEST_CASE(says_that_a_file_cannot_be_read) {
  const auto reading = read_configuration("/no/such/relay.toml");
  BOOST_REQUIRE_EQUAL(reading.problems.size(), 1U);
  BOOST_CHECK(reading.problems[0].text().find("/no/such/relay.toml: cannot be read") == 0);
}

BOOST_AUTO_TEST_SUITE_END()
