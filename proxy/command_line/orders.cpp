#include "proxy/command_line/orders.hpp"

#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <iterator>

#include <pwd.h>
#include <unistd.h>

#include "proxy/command_line/terminal_text.hpp"
#include "waypost/limits.hpp"

namespace waypost::relay {
namespace {

using nlohmann::json;

// What is selected at this moment. What is buried while an order is carried out is not part of it.
struct Selected {
  std::vector<json> filters;
  std::int64_t count = 0;
  std::string trouble;
};

Selected select(const ControlClient& relay, const OrderArguments& arguments) {
  Selected selected;
  for (json filter : selections(arguments)) {
    const auto [answer, trouble, error] = relay.ask("/dead-letters/count", {{"filter", filter}});
    if (!trouble.empty()) {
      selected.trouble = trouble;
      return selected;
    }
    selected.count += answer.at("count").get<std::int64_t>();
    filter["last"] = answer.at("last");
    selected.filters.push_back(std::move(filter));
  }
  return selected;
}

json order_of(const OrderArguments& arguments) {
  return {{"who", user_name()}, {"selection", arguments.selection}, {"why", arguments.why}};
}

// The destination that the arguments name, of those that the relay lists.
bool is_meant(const json& destination, const OrderArguments& arguments) {
  return destination.at("destination") == arguments.url &&
         (arguments.organisation.empty() ||
          destination.at("organisation") == arguments.organisation);
}

json order_for(const json& destination, const OrderArguments& arguments) {
  json question = order_of(arguments);
  question["organisation"] = destination.at("organisation");
  question["destination"] = destination.at("destination");
  return question;
}

struct Carried {
  std::int64_t count = 0;
  std::int64_t already_waiting = 0;
  std::int64_t damaged = 0;
  std::string trouble;
};

// Step by step, so that the relay takes statements meanwhile.
Carried carry_out(const ControlClient& relay, const std::string& path, const Selected& selected,
                  const OrderArguments& arguments) {
  Carried carried;
  json question = order_of(arguments);
  for (const json& filter : selected.filters) {
    question["filter"] = filter;
    for (bool more = true; more;) {
      const auto [answer, trouble, error] = relay.ask(path, question);
      if (!trouble.empty()) {
        carried.trouble = trouble;
        return carried;
      }
      carried.count += answer.at("count").get<std::int64_t>();
      carried.already_waiting += answer.value("already_waiting", std::int64_t{0});
      carried.damaged += answer.value("damaged", std::int64_t{0});
      more = answer.contains("next");
      if (more) question["filter"]["first"] = answer["next"];
    }
  }
  return carried;
}

std::string dead_letters(std::int64_t count) {
  return std::to_string(count) + (count == 1 ? " dead letter" : " dead letters");
}

int report(const Carried& carried, const char* done) {
  std::printf("%s %s.\n", dead_letters(carried.count).c_str(), done);
  if (carried.already_waiting > 0) {
    std::printf("%s left alone: the same statement waits already.\n",
                dead_letters(carried.already_waiting).c_str());
  }
  if (carried.damaged > 0) {
    std::printf("%s left alone: damaged on disk, so mend or discard.\n",
                dead_letters(carried.damaged).c_str());
  }
  return carried.trouble.empty() ? 0 : complain(carried.trouble);
}

int only_tell(std::int64_t count, const char* would) {
  std::printf("%s would be %s. Add --yes to do it.\n", dead_letters(count).c_str(), would);
  return 0;
}

void print_violations(const json& error) {
  for (const json& statement : error.value("statements", json::array())) {
    for (const json& violation : statement.value("violations", json::array())) {
      std::fprintf(stderr, "  %s %s: %s\n",
                   terminal_text(violation.value("path", std::string())).c_str(),
                   terminal_text(violation.value("rule", std::string())).c_str(),
                   terminal_text(violation.value("message", std::string())).c_str());
    }
  }
}

}  // namespace

int complain(const std::string& sentence) {
  std::fprintf(stderr, "waypost-relay: %s\n", terminal_text(sentence).c_str());
  return 1;
}

std::string user_name() {
  // NOLINTBEGIN(concurrency-mt-unsafe): this program has one thread.
  const char* behind_sudo = std::getenv("SUDO_USER");
  if (behind_sudo != nullptr && *behind_sudo != '\0') return behind_sudo;
  const passwd* user = ::getpwuid(::getuid());
  // NOLINTEND(concurrency-mt-unsafe)
  return user != nullptr ? user->pw_name : "user " + std::to_string(::getuid());
}

std::vector<json> selections(const OrderArguments& arguments) {
  std::vector<json> filters;
  for (const std::int64_t number : arguments.numbers) {
    filters.push_back(arguments.filter);
    filters.back()["first"] = number;
    filters.back()["last"] = number;
  }
  if (filters.empty()) filters.push_back(arguments.filter);
  return filters;
}

int replay_dead_letters(const ControlClient& relay, const OrderArguments& arguments) {
  const Selected selected = select(relay, arguments);
  if (!selected.trouble.empty()) return complain(selected.trouble);
  if (!arguments.yes) return only_tell(selected.count, "replayed");
  return report(carry_out(relay, "/dead-letters/replay", selected, arguments), "replayed");
}

int discard_dead_letters(const ControlClient& relay, const OrderArguments& arguments) {
  const Selected selected = select(relay, arguments);
  if (!selected.trouble.empty()) return complain(selected.trouble);
  if (!arguments.yes) return only_tell(selected.count, "discarded for good");
  return report(carry_out(relay, "/dead-letters/discard", selected, arguments), "discarded");
}

int mend_dead_letter(const ControlClient& relay, const OrderArguments& arguments) {
  std::ifstream stream(arguments.mend_file, std::ios::binary);
  std::string statement(limits::kStatementBytesMax + 1, '\0');
  stream.read(statement.data(), static_cast<std::streamsize>(statement.size()));
  statement.resize(static_cast<std::size_t>(stream.gcount()));
  if (!stream.is_open() || stream.bad()) return complain(arguments.mend_file + " cannot be read");
  if (statement.size() > limits::kStatementBytesMax) {
    return complain(arguments.mend_file + " has more bytes than a statement may have");
  }
  json question = order_of(arguments);
  question["dead_letter"] = arguments.numbers.front();
  question["statement"] = statement;
  question["dry_run"] = !arguments.yes;
  const auto [answer, trouble, error] = relay.ask("/dead-letters/mend", question);
  if (!trouble.empty()) {
    const int code = complain(trouble);
    print_violations(error);
    return code;
  }
  if (!arguments.yes) {
    std::printf("The statement keeps the rules and would be sent instead. Add --yes to do it.\n");
  } else {
    std::printf("The mended statement waits as %s.\n", answer.at("id").get<std::string>().c_str());
  }
  return 0;
}

int isolate_anyway(const ControlClient& relay, const OrderArguments& arguments) {
  const auto [all, trouble, error] = relay.ask("/destinations/list", json::object());
  if (!trouble.empty()) return complain(trouble);
  for (const json& destination : all.at("destinations")) {
    if (!is_meant(destination, arguments) ||
        destination.value("blocked", std::string()) != "suspect")
      continue;
    if (!arguments.yes) {
      std::printf(
          "Every statement that is refused would become a dead letter. Add --yes to do it.\n");
      return 0;
    }
    const auto answer =
        relay.ask("/destinations/isolate-anyway", order_for(destination, arguments));
    if (!answer.trouble.empty()) return complain(answer.trouble);
    std::printf("What is refused becomes dead letters now.\n");
    return 0;
  }
  return complain("no destination " + arguments.url + " is blocked as suspect");
}

int release_destination(const ControlClient& relay, const OrderArguments& arguments) {
  const auto [all, trouble, error] = relay.ask("/destinations/list", json::object());
  if (!trouble.empty()) return complain(trouble);
  std::int64_t released = 0;
  bool is_known = false;
  for (const json& destination : all.at("destinations")) {
    if (!is_meant(destination, arguments)) continue;
    is_known = true;
    if (!arguments.yes) {
      released += destination.at("held").get<std::int64_t>();
      continue;
    }
    const auto answer = relay.ask("/destinations/release", order_for(destination, arguments));
    if (!answer.trouble.empty()) return complain(answer.trouble);
    released += answer.body.at("count").get<std::int64_t>();
  }
  if (!is_known) return complain("there is no destination " + arguments.url);
  std::printf(arguments.yes ? "%lld held statements are sent now.\n"
                            : "%lld held statements would be sent. Add --yes to do it.\n",
              static_cast<long long>(released));
  return 0;
}

}  // namespace waypost::relay
