#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include <nlohmann/json.hpp>

#include "proxy/command_line/control_client.hpp"

// The verbs of `waypost-relay dead-letters`, `destinations` and `audit`. Each returns the exit
// code: 0, or 1 with a sentence on standard error.
namespace waypost::relay {

struct OrderArguments {
  // Which dead letters; `filter` as the control socket takes it.
  std::vector<std::int64_t> numbers;
  nlohmann::json filter = nlohmann::json::object();
  std::string selection;  // the same in words, for the audit record

  bool as_json = false;
  bool yes = false;  // else only say what would be done
  std::string why;
  std::string mend_file;
  std::string output_file;
  std::string organisation;  // of a destination to release
  std::string url;
};

int list_dead_letters(const ControlClient& relay, const OrderArguments& arguments);
int show_dead_letter(const ControlClient& relay, const OrderArguments& arguments);
int export_dead_letters(const ControlClient& relay, const OrderArguments& arguments);
int replay_dead_letters(const ControlClient& relay, const OrderArguments& arguments);
int mend_dead_letter(const ControlClient& relay, const OrderArguments& arguments);
int discard_dead_letters(const ControlClient& relay, const OrderArguments& arguments);
int list_destinations(const ControlClient& relay, const OrderArguments& arguments);
int release_destination(const ControlClient& relay, const OrderArguments& arguments);
int isolate_anyway(const ControlClient& relay, const OrderArguments& arguments);
int list_audit(const ControlClient& relay, const OrderArguments& arguments);

// "waypost-relay: SENTENCE" on standard error; 1.
int complain(const std::string& sentence);

// Whom the audit record names: the user at the keyboard, also behind sudo.
std::string user_name();

// The filters that the numbers mean; the one filter where there are none.
std::vector<nlohmann::json> selections(const OrderArguments& arguments);

}  // namespace waypost::relay
