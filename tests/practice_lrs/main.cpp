#include <cstdint>
#include <exception>
#include <fstream>
#include <iostream>
#include <string>

#include <CLI/CLI.hpp>

#include "practice_lrs/options.hpp"
#include "practice_lrs/server.hpp"

namespace {

using waypost::practice::Options;
using waypost::practice::Server;

// "127.0.0.1:8080", "[::1]:0"
bool read_listen(const std::string& text, Options& options) {
  const auto colon = text.rfind(':');
  if (colon == std::string::npos || colon == 0) return false;
  options.address = text.substr(0, colon);
  if (options.address.front() == '[') {
    options.address = options.address.substr(1, options.address.size() - 2);
  }
  const std::string port = text.substr(colon + 1);
  if (port.empty() || port.size() > 5 ||
      port.find_first_not_of("0123456789") != std::string::npos) {
    return false;
  }
  const unsigned long number = std::stoul(port);
  options.port = static_cast<std::uint16_t>(number);
  return number <= 65'535;
}

void serve(const Options& options) {
  Server server(options);
  server.stop_on_signals();
  const bool ipv6 = options.address.find(':') != std::string::npos;
  std::cout << "listening on http://" << (ipv6 ? "[" : "") << options.address << (ipv6 ? "]" : "")
            << ':' << server.port() << '/' << std::endl;
  server.run();
}

}  // namespace

int main(int argc, char** argv) {
  CLI::App app("A small Learning Record Store to practise with, and to play faults on demand.");
  Options options;
  std::string listen = "127.0.0.1:0";
  std::string secret_file;
  app.add_option("--listen", listen, "ADDRESS:PORT; port 0 takes a free one")
      ->capture_default_str();
  app.add_option("--api-key", options.api_key, "key that may write and read")
      ->capture_default_str();
  auto* secret = app.add_option("--api-secret", options.api_secret, "its secret");
  app.add_option("--api-secret-file", secret_file, "file whose first line is the secret")
      ->check(CLI::ExistingFile)
      ->excludes(secret);
  app.add_flag("--accept-all", options.accept_all, "store statements that break the rules, too");
  app.add_option("--store", options.store_file, "file that keeps the statements over a restart");
  app.add_option("--statements-max", options.statements_max, "no more are stored")
      ->capture_default_str();
  CLI11_PARSE(app, argc, argv);

  if (!read_listen(listen, options)) {
    std::cerr << "--listen wants ADDRESS:PORT, as in 127.0.0.1:8080\n";
    return 2;
  }
  if (!secret_file.empty()) {
    std::ifstream file(secret_file);
    std::getline(file, options.api_secret);
  }
  try {
    serve(options);
  } catch (const std::exception& failed) {
    std::cerr << "practice-lrs: " << failed.what() << '\n';
    return 1;
  }
  return 0;
}
