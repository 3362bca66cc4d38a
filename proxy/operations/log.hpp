#pragma once

#include <cstdint>
#include <initializer_list>
#include <string_view>
#include <variant>

// The relay's log: one line of JSON on standard error for each happening. Never a body, a secret,
// a ticket, or a query string; control characters are escaped. Thread-safe; never throws.
namespace waypost::relay {

enum class LogLevel : std::uint8_t { Info, Warning, Error };

struct LogField {
  std::string_view name;
  std::variant<std::string_view, std::int64_t> value;
};

// `happening` is a stable phrase ("listening", "accept failed"); what differs goes into fields.
void log(LogLevel level, std::string_view happening, std::initializer_list<LogField> fields = {});

}  // namespace waypost::relay
