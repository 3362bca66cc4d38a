#pragma once

#include <functional>
#include <string>

#include "proxy/command_line/orders.hpp"

namespace CLI {  // NOLINT(readability-identifier-naming): the library's own
class App;
}

namespace waypost::relay {

// The subcommands that ask or order something of the running relay.
class OrderCommands {
 public:
  // Adds them; `app` outlives it.
  explicit OrderCommands(CLI::App& app);

  bool chosen() const { return verb_ != nullptr; }

  // The exit code: 0, 1 for what could not be done, 2 for wrong arguments or configuration.
  int run();

 private:
  using Verb = int (*)(const ControlClient&, const OrderArguments&);

  CLI::App* add_verb(CLI::App& group, const char* name, const char* help, Verb verb);
  void add_filters(CLI::App& command);
  void add_dead_letters(CLI::App& app);
  void add_changes(CLI::App& dead_letters);
  void add_destinations(CLI::App& app);

  // What is wrong with the arguments together; empty if nothing is.
  std::string check();
  std::string read_time(const char* name, const std::string& text);

  Verb verb_ = nullptr;
  OrderArguments arguments_;
  std::string configuration_;
  std::string organisation_;
  std::string destination_;
  std::string reason_;
  std::string id_;
  std::string since_;
  std::string until_;
  bool all_ = false;
};

}  // namespace waypost::relay
