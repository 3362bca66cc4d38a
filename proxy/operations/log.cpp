#include "proxy/operations/log.hpp"

#include <array>
#include <ctime>
#include <exception>
#include <memory>
#include <string>

#include <spdlog/sinks/stdout_sinks.h>
#include <spdlog/spdlog.h>

#include "proxy/operations/clock.hpp"
#include "waypost/json/text.hpp"

namespace waypost::relay {
namespace {

spdlog::logger& logger() {
  static const std::shared_ptr<spdlog::logger> instance = [] {
    auto sink = std::make_shared<spdlog::sinks::stderr_sink_mt>();
    auto made = std::make_shared<spdlog::logger>("relay", std::move(sink));
    made->set_pattern("%v");
    made->flush_on(spdlog::level::trace);
    return made;
  }();
  return *instance;
}

std::string_view word(LogLevel level) {
  switch (level) {
    case LogLevel::Info: return "info";
    case LogLevel::Warning: return "warning";
    case LogLevel::Error: return "error";
  }
  return "error";
}

std::string time_text() {
  const std::int64_t now_ms = system_now().ms;
  const std::time_t seconds = now_ms / 1000;
  std::tm parts{};
  gmtime_r(&seconds, &parts);
  std::array<char, 32> text{};
  const auto length = std::strftime(text.data(), text.size(), "%Y-%m-%dT%H:%M:%S.", &parts);
  const std::string three_digits = std::to_string(1000 + now_ms % 1000).substr(1);
  return std::string(text.data(), length) + three_digits + 'Z';
}

}  // namespace

void log(LogLevel level, std::string_view happening, std::initializer_list<LogField> fields) {
  std::string line = R"({"time":")" + time_text() + R"(","level":")";
  line += word(level);
  line += R"(","happening":)";
  json::append_string(line, happening);
  for (const LogField& field : fields) {
    line += ',';
    json::append_string(line, field.name);
    line += ':';
    if (const auto* number = std::get_if<std::int64_t>(&field.value)) {
      line += std::to_string(*number);
    } else {
      json::append_string(line, std::get<std::string_view>(field.value));
    }
  }
  line += '}';
  logger().log(spdlog::level::info, spdlog::string_view_t(line.data(), line.size()));
}

}  // namespace waypost::relay
