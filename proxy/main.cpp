#include <cstdio>
#include <exception>
#include <fstream>
#include <iostream>
#include <string>

#include <CLI/CLI.hpp>

#include "proxy/command_line/order_commands.hpp"
#include "proxy/command_line/serve.hpp"
#include "proxy/command_line/test_alert.hpp"
#include "proxy/command_line/validate.hpp"

namespace {

using waypost::relay::ValidateResult;

constexpr int kUsage = 2;

int validate(const std::string& file, const std::string& version_text) {
  const auto version = version_text == "2.0.0" ? waypost::statement::Version::V2_0_0
                                               : waypost::statement::Version::V1_0_3;
  std::ifstream stream;
  if (!file.empty() && file != "-") {
    stream.open(file, std::ios::binary);
    if (!stream) {
      std::fprintf(stderr, "waypost-relay: %s cannot be read\n", file.c_str());
      return kUsage;
    }
  }
  std::istream& input = stream.is_open() ? stream : std::cin;
  switch (waypost::relay::validate_statements(input, version, stdout, stderr)) {
    case ValidateResult::AllValid: return 0;
    case ValidateResult::SomeInvalid: return 1;
    case ValidateResult::Unreadable: break;
  }
  return kUsage;
}

int run(int argc, char** argv) {
  CLI::App app{"Brings xAPI statements to a Learning Record Store, durably"};
  app.name("waypost-relay");
  app.set_version_flag("--version", WAYPOST_VERSION);
  app.require_subcommand(1);

  std::string configuration;
  CLI::App* serve_command = app.add_subcommand("serve", "Serve what the configuration says");
  serve_command->add_option("--config", configuration, "The configuration, relay.toml")->required();

  CLI::App* test_alert_command =
      app.add_subcommand("test-alert", "Send a test message to everybody whom alerts go to");
  test_alert_command->add_option("--config", configuration, "The configuration, relay.toml")
      ->required();

  std::string file;
  std::string version = "1.0.3";
  CLI::App* validate_command = app.add_subcommand(
      "validate", "Check statements: one, an array, or one a line; prints a line of JSON for each");
  validate_command->add_option("--version", version, "1.0.3 or 2.0.0")
      ->check(CLI::IsMember({"1.0.3", "2.0.0"}))
      ->capture_default_str();
  validate_command->add_option("FILE", file, "Standard input if left out");

  waypost::relay::OrderCommands orders(app);

  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    return app.exit(error) == 0 ? 0 : kUsage;
  }
  if (orders.chosen()) return orders.run();
  if (*validate_command) return validate(file, version);
  if (*test_alert_command) return waypost::relay::test_alert(configuration);
  return waypost::relay::serve(configuration);
}

}  // namespace

int main(int argc, char** argv) {
  try {
    return run(argc, argv);
  } catch (const std::exception& error) {
    std::fprintf(stderr, "waypost-relay: %s\n", error.what());
    return 3;
  }
}
