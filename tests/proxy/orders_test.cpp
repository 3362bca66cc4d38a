#include <algorithm>
#include <chrono>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <sstream>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

#include <nlohmann/json.hpp>
#include <sys/stat.h>

#include <boost/test/unit_test.hpp>

#include "proxy/relay_process.hpp"
#include "proxy/running_lrs.hpp"
#include "proxy/store/dead_letters.hpp"
#include "proxy/store/sqlite_store.hpp"

namespace {

using namespace waypost::tests;
using nlohmann::json;
using waypost::Duration;
using waypost::Instant;
using waypost::Uuid;
namespace delivery = waypost::delivery;
namespace practice = waypost::practice;
namespace relay = waypost::relay;

constexpr Instant kBuried{1'763'888'400'000};  // 2025-11-23T09:00:00Z

practice::Options lrs_options() {
  practice::Options options;
  options.api_key = "key";
  options.api_secret = kCanarySecret;
  return options;
}

std::string read_file(const std::filesystem::path& path) {
  std::ifstream stream(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(stream), {}};
}

template <typename T>
T require(relay::StoreResult<T> result) {
  if (!result.value) throw std::runtime_error(result.error.message);
  return std::move(*result.value);
}

// A relay whose store has had `statements` entries for `url` before it was started, the first
// `buried` of them dead letters.
struct Setting {
  RunningLrs lrs{lrs_options()};
  RelayProcess process{lrs.url()};

  Setting(std::uint8_t statements, std::uint8_t buried, const std::string& url = {}) {
    const auto store = require(relay::SqliteStore::create(process.folder() / "store"));
    const std::vector<relay::DestinationName> names{
        {"first-aid", url.empty() ? lrs.url() : url, ""}};
    const auto ids = require(store->register_destinations(names)).at(0).ids;
    relay::AppendRequest request{.organisation = ids.organisation, .received = kBuried};
    for (std::uint8_t n = 0; n < statements; ++n) {
      relay::NewEntry entry;
      entry.id = *Uuid::parse(statement_id(n));
      entry.fingerprint.back() = n;
      entry.meaning.back() = n;
      entry.bytes = statement_text(statement_id(n));
      request.entries.push_back(std::move(entry));
    }
    const auto keys =
        require(require(store->commit(std::span(&request, 1), {}, kBuried)).at(0)).keys;
    relay::Settlement settlement{.destination = ids.destination};
    for (std::size_t n = 0; n < buried; ++n) {
      settlement.buried.push_back(
          {.key = keys.at(n),
           .reason = n == 0 ? delivery::BurialReason::Conflict : delivery::BurialReason::Refused,
           .status = n == 0 ? 409 : 400,
           .words = "no \x1b[31m\n\xc2\x9b thanks",
           .attempts = 1,
           .at = kBuried + Duration{static_cast<std::int64_t>(n) * 1000}});
    }
    require(store->commit({}, std::span(&settlement, 1), kBuried));
  }

  Finished order(std::vector<std::string> arguments) const {
    arguments.insert(arguments.end(), {"--config", (process.folder() / "relay.toml").string()});
    return run_relay(arguments);
  }

  std::vector<json> listed(const std::vector<std::string>& filters = {}) const {
    std::vector<std::string> arguments{"dead-letters", "list", "--json"};
    arguments.insert(arguments.end(), filters.begin(), filters.end());
    const Finished finished = order(arguments);
    BOOST_TEST(finished.exit_code == 0, finished.complaints);
    std::vector<json> letters;
    std::istringstream lines(finished.output);
    for (std::string line; std::getline(lines, line);) letters.push_back(json::parse(line));
    return letters;
  }
};

bool holds(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(orders)

BOOST_AUTO_TEST_CASE(a_relay_that_does_not_run_is_one_sentence) {
  const Setting setting(1, 1);
  const Finished finished = setting.order({"dead-letters", "list"});
  BOOST_TEST(finished.exit_code == 1);
  BOOST_TEST(finished.complaints.starts_with("waypost-relay: no relay runs with the store "));
  BOOST_TEST(finished.output.empty());
}

BOOST_AUTO_TEST_CASE(the_socket_is_the_owners_alone) {
  Setting setting(0, 0);
  setting.process.start();

  struct stat status {};

  BOOST_REQUIRE(::stat((setting.process.folder() / "store" / "control").c_str(), &status) == 0);
  BOOST_TEST((status.st_mode & 0777U) == 0600U);
}

BOOST_AUTO_TEST_CASE(dead_letters_are_listed_and_filtered) {
  Setting setting(230, 220);
  setting.process.start();
  BOOST_TEST(setting.listed().size() == 220U);  // more than a page
  const auto conflicts = setting.listed({"--reason", "conflict"});
  BOOST_REQUIRE(conflicts.size() == 1U);
  const json& letter = conflicts[0];
  BOOST_TEST(letter["id"] == statement_id(0));
  BOOST_TEST(letter["organisation"] == "first-aid");
  BOOST_TEST(letter["destination"] == setting.lrs.url());
  BOOST_TEST(letter["status"] == 409);
  BOOST_TEST(letter["buried"] == "2025-11-23T09:00:00.000Z");
  BOOST_TEST(setting.listed({"--id", statement_id(3)}).size() == 1U);
  BOOST_TEST(setting.listed({"--since", "2025-11-23T09:03:00Z"}).size() == 40U);
  BOOST_TEST(setting.listed({"--until", "2025-11-23"}).empty());
  BOOST_TEST(setting.listed({"--organisation", "other"}).empty());
  BOOST_TEST(setting.listed({"--destination", setting.lrs.url()}).size() == 220U);

  const Finished table = setting.order({"dead-letters", "list", "--reason", "conflict"});
  BOOST_TEST(holds(table.output, statement_id(0)));
  BOOST_TEST(holds(table.output, "no \\u001b[31m\\u000a\\u009b thanks"));
  BOOST_TEST(!holds(table.output, "\x1b"));
  BOOST_TEST(setting.order({"dead-letters", "list", "--reason", "bad"}).exit_code == 1);
  BOOST_TEST(setting.order({"dead-letters", "list", "--since", "now"}).exit_code == 2);
}

BOOST_AUTO_TEST_CASE(one_is_shown_with_its_statement) {
  Setting setting(2, 1);
  setting.process.start();
  const Finished shown = setting.order({"dead-letters", "show", "1"});
  BOOST_TEST(shown.exit_code == 0);
  BOOST_TEST(holds(shown.output, statement_text(statement_id(0))));
  BOOST_TEST(setting.order({"dead-letters", "show", "99"}).exit_code == 1);
}

BOOST_AUTO_TEST_CASE(export_writes_every_statement_as_it_was) {
  Setting setting(40, 35);
  setting.process.start();
  const auto file = setting.process.folder() / "letters.jsonl";
  const auto ask = [&] {
    return setting.order({"dead-letters", "export", "--output", file.string()});
  };
  BOOST_TEST(ask().exit_code == 0);
  std::istringstream lines(read_file(file));
  std::size_t count = 0;
  for (std::string line; std::getline(lines, line); ++count) {
    std::string statement = statement_text(statement_id(count));
    std::replace(statement.begin(), statement.end(), '\n', ' ');
    BOOST_TEST(holds(line, "\"statement\":" + statement + "}"));
    BOOST_TEST(json::parse(line)["attempts"] == 1);
  }
  BOOST_TEST(count == 35U);
  BOOST_TEST(ask().exit_code == 1);  // the file is there already
}

BOOST_AUTO_TEST_CASE(a_replay_is_counted_first_and_sent_at_once) {
  Setting setting(3, 2);
  setting.process.start();
  BOOST_TEST(setting.lrs.statements(1)["statements"].size() == 1U);
  BOOST_TEST(setting.order({"dead-letters", "replay"}).exit_code == 2);
  const Finished dry = setting.order({"dead-letters", "replay", "--all"});
  BOOST_TEST(dry.output == "2 dead letters would be replayed. Add --yes to do it.\n");
  BOOST_TEST(setting.listed().size() == 2U);
  const Finished one = setting.order({"dead-letters", "replay", "1", "--yes"});
  BOOST_TEST(one.output == "1 dead letter replayed.\n");
  BOOST_TEST(setting.lrs.statements(2)["statements"].size() == 2U);
  const Finished other = setting.order({"dead-letters", "replay", "--reason", "refused", "--yes"});
  BOOST_TEST(other.output == "1 dead letter replayed.\n");
  BOOST_TEST(setting.lrs.statements(3)["statements"].size() == 3U);
  BOOST_TEST(setting.listed().empty());
  const std::string audit = setting.order({"audit"}).output;
  BOOST_TEST(holds(audit, "replayed 1 at " + setting.lrs.url() + ": 1\n"));
  BOOST_TEST(holds(audit, R"({"reason":"refused"})"));
}

BOOST_AUTO_TEST_CASE(a_discard_says_why) {
  Setting setting(250, 250);
  setting.process.start();
  BOOST_TEST(setting.order({"dead-letters", "discard", "--all", "--yes"}).exit_code == 2);
  const Finished dry = setting.order({"dead-letters", "discard", "--all", "--why", "a test"});
  BOOST_TEST(dry.output == "250 dead letters would be discarded for good. Add --yes to do it.\n");
  BOOST_TEST(setting.listed().size() == 250U);
  const Finished done =
      setting.order({"dead-letters", "discard", "--all", "--why", "a test", "--yes"});
  BOOST_TEST(done.output == "250 dead letters discarded.\n");
  BOOST_TEST(setting.listed().empty());
  BOOST_TEST(holds(setting.order({"audit"}).output, "(a test)\n"));
}

BOOST_AUTO_TEST_CASE(a_mended_statement_is_sent_under_a_new_id) {
  Setting setting(1, 1);
  setting.process.start();
  const auto file = setting.process.folder() / "mended.json";
  const auto mend = [&](const std::string& statement) {
    std::ofstream(file, std::ios::binary) << statement;
    return setting.order({"dead-letters", "replay", "1", "--yes", "--mend", file.string()});
  };
  const Finished refused = mend(R"({"id":"no"})");
  BOOST_TEST(refused.exit_code == 1);
  BOOST_TEST(holds(refused.complaints, "statement.actor-required"), refused.complaints);
  json statement = json::parse(statement_text(statement_id(0)));
  statement["timestamp"] = "2025-11-23T08:00:00Z";
  statement["result"] = {{"success", true}};
  const Finished dry = setting.order({"dead-letters", "replay", "1", "--mend", file.string()});
  BOOST_TEST(dry.exit_code == 1);
  const Finished done = mend(statement.dump());
  BOOST_TEST(done.exit_code == 0, done.complaints);
  const json sent = setting.lrs.statements(1)["statements"];
  BOOST_REQUIRE(sent.size() == 1U);
  BOOST_TEST(!holds(sent.dump(), statement_id(0)));
  const std::string words = "The mended statement waits as ";
  BOOST_REQUIRE(done.output.starts_with(words));
  const std::string new_id = done.output.substr(words.size(), 36);
  BOOST_TEST(holds(sent.dump(), new_id));
  BOOST_TEST(holds(setting.order({"audit"}).output, statement_id(0) + " became " + new_id));
  BOOST_TEST(setting.listed().empty());
}

BOOST_AUTO_TEST_CASE(a_suspect_destination_is_isolated_anyway) {
  Setting setting(15, 0);
  setting.lrs.order_fault(R"({"status":400})");
  setting.process.start();
  const auto isolate = [&](std::vector<std::string> more) {
    more.insert(more.begin(),
                {"destinations", "isolate-anyway", "--destination", setting.lrs.url()});
    return setting.order(more);
  };
  const auto blocked = [&] {
    return json::parse(setting.order({"destinations", "list", "--json"}).output)
        .value("blocked", std::string());
  };
  for (int i = 0; i < 200 && blocked() != "suspect"; ++i) {
    std::this_thread::sleep_for(std::chrono::milliseconds(50));
  }
  BOOST_REQUIRE(blocked() == "suspect");
  const std::size_t before = setting.listed().size();
  BOOST_TEST(isolate({}).exit_code == 0);
  BOOST_TEST(setting.listed().size() == before);
  BOOST_TEST(isolate({"--yes"}).exit_code == 0);
  for (int i = 0; i < 200 && setting.listed().size() < 15; ++i) {
    std::this_thread::sleep_for(std::chrono::milliseconds(50));
  }
  BOOST_TEST(setting.listed().size() == 15U);
  BOOST_TEST(holds(setting.order({"audit"}).output, "isolated anyway"));
}

BOOST_AUTO_TEST_CASE(what_is_held_goes_when_it_is_released) {
  Setting setting(3, 0, "https://old.example/xapi/");
  setting.process.start();
  BOOST_TEST(holds(setting.process.log(), "statements are held"));
  const Finished list = setting.order({"destinations", "list", "--json"});
  BOOST_TEST(json::parse(list.output)["held"] == 3);
  const auto release = [&](std::vector<std::string> more) {
    more.insert(more.begin(), {"destinations", "release", "--destination", setting.lrs.url()});
    return setting.order(more);
  };
  BOOST_TEST(release({}).output == "3 held statements would be sent. Add --yes to do it.\n");
  BOOST_TEST(setting.lrs.statements()["statements"].empty());
  BOOST_TEST(release({"--yes"}).output == "3 held statements are sent now.\n");
  BOOST_TEST(setting.lrs.statements(3)["statements"].size() == 3U);
  BOOST_TEST(release({"--organisation", "other"}).exit_code == 1);
}

BOOST_AUTO_TEST_SUITE_END()
