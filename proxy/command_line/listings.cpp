#include <cstdio>
#include <string>
#include <string_view>

#include <fcntl.h>
#include <unistd.h>

#include "proxy/command_line/orders.hpp"
#include "proxy/command_line/terminal_text.hpp"

namespace waypost::relay {
namespace {

using nlohmann::json;

constexpr std::size_t kWordsShownBytes = 60;

std::string text_of(const json& object, const char* name) {
  const auto found = object.find(name);
  if (found == object.end()) return {};
  return found->is_string() ? found->get<std::string>() : found->dump();
}

std::string shown(const json& object, const char* name) {
  return terminal_text(text_of(object, name));
}

// With only ASCII in it, so safe for terminals too.
void print_json(const json& object) {
  std::printf("%s\n", object.dump(-1, ' ', true, json::error_handler_t::replace).c_str());
}

void print_row(const json& letter) {
  std::printf("%8s  %-24s  %-12s  %6s  %5s  %-16s  %s  %s\n", shown(letter, "dead_letter").c_str(),
              shown(letter, "buried").c_str(), shown(letter, "reason").c_str(),
              shown(letter, "status").c_str(), shown(letter, "attempts").c_str(),
              shown(letter, "organisation").c_str(), shown(letter, "id").c_str(),
              terminal_text(shortened(text_of(letter, "words"), kWordsShownBytes)).c_str());
}

// Calls `take` with every element of `list` in every page. The exit code.
template <typename Take>
int for_each(const ControlClient& relay, const std::string& path, const OrderArguments& arguments,
             Take take) {
  for (json filter : selections(arguments)) {
    for (bool more = true; more;) {
      const auto [page, trouble, error] = relay.ask(path, {{"filter", filter}});
      if (!trouble.empty()) return complain(trouble);
      for (const json& letter : page.at("dead_letters")) {
        if (const int code = take(letter); code != 0) return code;
      }
      more = page.contains("next");
      if (more) filter["first"] = page["next"];
    }
  }
  return 0;
}

// The statement byte for byte, but for line breaks, which JSON has between its tokens only.
std::string exported(json letter) {
  std::string statement = text_of(letter, "statement");
  for (char& character : statement) {
    if (character == '\n' || character == '\r') character = ' ';
  }
  letter.erase("statement");
  std::string line = letter.dump(-1, ' ', false, json::error_handler_t::replace);
  line.back() = ',';
  return line + "\"statement\":" + statement + "}\n";
}

std::FILE* open_output(const std::string& file) {
  if (file.empty() || file == "-") return stdout;
  constexpr mode_t kOwnerOnly = 0600;
  const int descriptor = ::open(file.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, kOwnerOnly);
  return descriptor < 0 ? nullptr : ::fdopen(descriptor, "w");
}

}  // namespace

int list_dead_letters(const ControlClient& relay, const OrderArguments& arguments) {
  bool is_first = true;
  return for_each(relay, "/dead-letters/list", arguments, [&](const json& letter) {
    if (arguments.as_json) {
      print_json(letter);
      return 0;
    }
    if (is_first) {
      print_row({{"dead_letter", "NUMBER"},
                 {"buried", "SINCE"},
                 {"reason", "REASON"},
                 {"status", "STATUS"},
                 {"attempts", "TRIES"},
                 {"organisation", "ORGANISATION"},
                 {"id", "STATEMENT                           "},
                 {"words", "THE LRS SAID"}});
      is_first = false;
    }
    print_row(letter);
    return 0;
  });
}

int show_dead_letter(const ControlClient& relay, const OrderArguments& arguments) {
  bool is_found = false;
  const int code = for_each(relay, "/dead-letters/read", arguments, [&](const json& letter) {
    is_found = true;
    if (arguments.as_json) {
      print_json(letter);
      return 0;
    }
    for (const char* name : {"dead_letter", "organisation", "destination", "id", "reason", "status",
                             "words", "attempts", "received", "buried", "bytes"}) {
      std::printf("%-13s %s\n", name, shown(letter, name).c_str());
    }
    std::printf("statement\n%s\n",
                terminal_text(text_of(letter, "statement"), LineBreaks::Kept).c_str());
    return 0;
  });
  if (code != 0 || is_found) return code;
  return complain("there is no dead letter of this number");
}

int export_dead_letters(const ControlClient& relay, const OrderArguments& arguments) {
  std::FILE* output = open_output(arguments.output_file);
  if (output == nullptr) {
    return complain(arguments.output_file + " cannot be made, or is there already");
  }
  int code = for_each(relay, "/dead-letters/read", arguments, [output](const json& letter) {
    const std::string line = exported(letter);
    return std::fwrite(line.data(), 1, line.size(), output) == line.size() ? 0 : 1;
  });
  const bool is_written = std::ferror(output) == 0 && std::fflush(output) == 0 &&
                          (output == stdout || ::fsync(::fileno(output)) == 0);
  if (output != stdout) std::fclose(output);
  if (!is_written) code = complain("the output cannot be written");
  return code;
}

int list_destinations(const ControlClient& relay, const OrderArguments& arguments) {
  const auto [answer, trouble, error] = relay.ask("/destinations/list", json::object());
  if (!trouble.empty()) return complain(trouble);
  const char* format = "%10s  %10s  %12s  %-24s  %-12s  %-16s  %s\n";
  if (!arguments.as_json) {
    std::printf(format, "WAITING", "HELD", "DEAD LETTERS", "OLDEST WAITING", "BLOCKED",
                "ORGANISATION", "DESTINATION");
  }
  for (const json& destination : answer.at("destinations")) {
    if (arguments.as_json) {
      print_json(destination);
    } else {
      std::printf(format, shown(destination, "waiting").c_str(), shown(destination, "held").c_str(),
                  shown(destination, "dead_letters").c_str(),
                  shown(destination, "oldest_waiting").c_str(),
                  shown(destination, "blocked").c_str(), shown(destination, "organisation").c_str(),
                  shown(destination, "destination").c_str());
    }
  }
  return 0;
}

int list_audit(const ControlClient& relay, const OrderArguments& arguments) {
  json question = json::object();
  for (bool more = true; more;) {
    const auto [page, trouble, error] = relay.ask("/audit", question);
    if (!trouble.empty()) return complain(trouble);
    for (const json& record : page.at("audit")) {
      if (arguments.as_json) {
        print_json(record);
        continue;
      }
      std::printf("%s  %s %s %s at %s: %s", shown(record, "at").c_str(),
                  shown(record, "who").c_str(), shown(record, "what").c_str(),
                  shown(record, "entries").c_str(), shown(record, "destination").c_str(),
                  shown(record, "selection").c_str());
      if (record.contains("new_id")) {
        std::printf(", %s became %s", shown(record, "old_id").c_str(),
                    shown(record, "new_id").c_str());
      }
      const std::string why = shown(record, "why");
      std::printf("%s\n", why.empty() ? "" : (" (" + why + ')').c_str());
    }
    more = page.contains("next");
    if (more) question["next"] = page["next"];
  }
  return 0;
}

}  // namespace waypost::relay
