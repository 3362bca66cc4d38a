#include "proxy/command_line/order_commands.hpp"

#include <cstdio>
#include <map>

#include <CLI/CLI.hpp>

#include "proxy/configuration/configuration.hpp"
#include "proxy/ingest/clock_offset.hpp"

namespace waypost::relay {
namespace {

constexpr int kUsage = 2;
constexpr std::size_t kDateCharacters = 10;  // 2026-11-23

}  // namespace

OrderCommands::OrderCommands(CLI::App& app) {
  add_dead_letters(app);
  add_destinations(app);
  add_verb(app, "audit", "What was replayed, discarded, mended and released, and by whom",
           list_audit);
}

CLI::App* OrderCommands::add_verb(CLI::App& group, const char* name, const char* help, Verb verb) {
  CLI::App* command = group.add_subcommand(name, help);
  command->add_option("--config", configuration_, "The running relay's configuration, relay.toml")
      ->required();
  command->add_flag("--json", arguments_.as_json, "One JSON object a line");
  command->callback([this, verb] { verb_ = verb; });
  return command;
}

void OrderCommands::add_filters(CLI::App& command) {
  command.add_option("--organisation", organisation_, "Of this organisation only");
  command.add_option("--destination", destination_, "Of the destination with this URL only");
  command.add_option(
      "--reason", reason_,
      "refused, too-large, server-error, conflict, unresolved, forbidden or damaged");
  command.add_option("--id", id_, "The id of the statement");
  command.add_option("--since", since_, "Dead since then: 2026-11-23 or 2026-11-23T08:00:00Z");
  command.add_option("--until", until_, "Dead before then");
}

void OrderCommands::add_dead_letters(CLI::App& app) {
  CLI::App& group = *app.add_subcommand("dead-letters", "Statements that an LRS did not take");
  group.require_subcommand(1);
  add_filters(*add_verb(group, "list", "List them", list_dead_letters));
  add_verb(group, "show", "Show one with its statement", show_dead_letter)
      ->add_option("NUMBER", arguments_.numbers, "As listed")
      ->required()
      ->expected(1);
  CLI::App* exporting =
      add_verb(group, "export", "Write them as JSON lines, with statements", export_dead_letters);
  add_filters(*exporting);
  exporting->add_option("--output", arguments_.output_file, "A new file; else standard output");
  add_changes(group);
}

void OrderCommands::add_changes(CLI::App& dead_letters) {
  CLI::App* replay =
      add_verb(dead_letters, "replay", "Send them again; without --yes only say how many",
               replay_dead_letters);
  replay->add_option("--mend", arguments_.mend_file, "Send the statement in this file instead");
  CLI::App* discard =
      add_verb(dead_letters, "discard", "Remove them for good; without --yes only say how many",
               discard_dead_letters);
  discard->add_option("--why", arguments_.why, "The reason, for the audit record")->required();
  for (CLI::App* command : {replay, discard}) {
    add_filters(*command);
    command->add_option("NUMBER", arguments_.numbers, "As listed");
    command->add_flag("--all", all_, "All there are");
    command->add_flag("--yes", arguments_.yes, "Do it");
  }
}

void OrderCommands::add_destinations(CLI::App& app) {
  CLI::App& group = *app.add_subcommand("destinations", "Where statements are sent to");
  group.require_subcommand(1);
  add_verb(group, "list", "List them with what waits", list_destinations);
  CLI::App* release =
      add_verb(group, "release",
               "Send what is held since the address or key was changed; without --yes only say how"
               " many",
               release_destination);
  CLI::App* isolate =
      add_verb(group, "isolate-anyway",
               "Where everything is refused: make dead letters of it, statement by statement",
               isolate_anyway);
  for (CLI::App* command : {release, isolate}) {
    command->add_option("--destination", arguments_.url, "Its URL")->required();
    command->add_option("--organisation", arguments_.organisation, "Of this organisation only");
    command->add_flag("--yes", arguments_.yes, "Do it");
  }
}

std::string OrderCommands::read_time(const char* name, const std::string& text) {
  if (text.empty()) return {};
  const bool is_date = text.size() == kDateCharacters;
  const auto at = parse_timestamp(is_date ? text + "T00:00:00Z" : text);
  if (!at) return "write a time as 2026-11-23 or 2026-11-23T08:00:00Z, not " + text;
  arguments_.filter[name] = at->ms;
  return {};
}

std::string OrderCommands::check() {
  const std::map<const char*, std::string> texts = {{"organisation", organisation_},
                                                    {"destination", destination_},
                                                    {"reason", reason_},
                                                    {"id", id_}};
  for (const auto& [name, text] : texts) {
    if (!text.empty()) arguments_.filter[name] = text;
  }
  std::string flaw = read_time("since_ms", since_);
  if (flaw.empty()) flaw = read_time("until_ms", until_);
  if (!flaw.empty()) return flaw;
  arguments_.selection = arguments_.filter.empty() ? "" : arguments_.filter.dump();
  for (const std::int64_t number : arguments_.numbers) {
    arguments_.selection += (arguments_.selection.empty() ? "" : " ") + std::to_string(number);
  }
  const bool is_change = verb_ == replay_dead_letters || verb_ == discard_dead_letters;
  if (is_change && arguments_.selection.empty() && !all_) {
    return "say which dead letters: numbers, filters, or --all";
  }
  if (arguments_.selection.empty()) arguments_.selection = "all";
  if (!arguments_.mend_file.empty()) {
    if (arguments_.numbers.size() != 1) return "mend one dead letter at a time, by its number";
    verb_ = mend_dead_letter;
  }
  return {};
}

int OrderCommands::run() {
  if (const std::string flaw = check(); !flaw.empty()) {
    complain(flaw);
    return kUsage;
  }
  const ConfigurationReading reading = read_configuration(configuration_);
  for (const Problem& problem : reading.problems) {
    std::fprintf(stderr, "%s\n", problem.text().c_str());
  }
  if (!reading.configuration) return kUsage;
  return verb_(ControlClient(reading.configuration->store_folder), arguments_);
}

}  // namespace waypost::relay
