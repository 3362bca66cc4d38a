#include "proxy/ingest/captured_event.hpp"

#include <charconv>
#include <cstdint>

#include "proxy/ingest/acceptance.hpp"
#include "waypost/json/reader.hpp"

namespace waypost::relay {
namespace {

using json::TokenKind;

// What timestamps can say, from the first millisecond of 1970 to the last of 9999.
constexpr std::int64_t kCapturedMaxMs = 253'402'300'799'999;

std::optional<Instant> instant_of(const json::Reader& reader, json::Token value) {
  if (value.kind != TokenKind::Number) return std::nullopt;
  const std::string_view digits = reader.raw(value);
  const char* const last = digits.data() + digits.size();
  std::int64_t ms = 0;
  const auto [end, error] = std::from_chars(digits.data(), last, ms);
  if (error != std::errc() || end != last || ms < 0 || ms > kCapturedMaxMs) return std::nullopt;
  return Instant{ms};
}

}  // namespace

std::optional<CapturedEvent> read_captured_event(std::string_view text) {
  json::Reader reader(text);
  if (reader.next().kind != TokenKind::ObjectBegin) return std::nullopt;
  CapturedEvent captured;
  std::string scratch;
  for (json::Token key = reader.next(); key.kind == TokenKind::Key; key = reader.next()) {
    const std::string name(reader.decoded(key, scratch));
    const json::Token value = reader.skip(reader.next());
    if (value.kind == TokenKind::Error) return std::nullopt;
    if (name == "event") {
      captured.event = reader.raw(value);
    } else if (name == "defaults") {
      captured.defaults = reader.raw(value);
    } else if (name == "captured_ms") {
      captured.captured = instant_of(reader, value);
    } else if (name == "id") {
      if (value.kind != TokenKind::String || value.end - value.begin > kEchoedIdBytesMax) continue;
      captured.id_text = reader.decoded(value, scratch);
      captured.id = Uuid::parse(captured.id_text);
    } else {
      return std::nullopt;
    }
  }
  if (captured.event.empty()) return std::nullopt;
  return captured;
}

}  // namespace waypost::relay
