#include <string>

#include <nlohmann/json.hpp>

#include "fuzz/target.hpp"
#include "waypost/json/reader.hpp"
#include "waypost/json/text.hpp"

namespace waypost::fuzz {
namespace {

using json::FlawKind;
using json::Token;
using json::TokenKind;

struct Reading {
  bool is_json = false;
  bool is_flawed = false;  // JSON, but not what a statement may hold
  std::optional<FlawKind> error;
};

void check_token(const json::Reader& reader, Token token, std::string& scratch) {
  require(token.begin <= token.end && token.end <= reader.text().size(), "a token is in the text");
  const bool is_text = token.kind == TokenKind::Key || token.kind == TokenKind::String;
  if (!is_text) return;
  std::string_view decoded = reader.decoded(token, scratch);
  while (!decoded.empty()) {
    const std::size_t length = json::utf8_length(decoded);
    require(length != 0, "what a string stands for is UTF-8");
    decoded.remove_prefix(length);
  }
}

Reading read_tokens(std::string_view text) {
  json::Reader reader(text);
  Reading reading;
  std::string scratch;
  std::size_t end_before = 0;
  for (;;) {
    const Token token = reader.next();
    if (token.kind == TokenKind::Error) break;
    require(token.begin >= end_before, "tokens come in order");
    end_before = token.end;
    check_token(reader, token, scratch);
    reading.is_flawed = reader.take_flaw().has_value() || reading.is_flawed;
    if (token.kind == TokenKind::End) {
      reading.is_json = true;
      return reading;
    }
  }
  require(reader.error().has_value(), "an error has a reason");
  require(reader.next().kind == TokenKind::Error, "after an error comes an error");
  reading.error = reader.error()->kind;
  return reading;
}

void check_skipping(std::string_view text, bool is_json) {
  json::Reader reader(text, json::DuplicateKeys::KnownAbsent);
  const Token first = reader.next();
  const Token whole = first.kind == TokenKind::Error ? first : reader.skip(first);
  const bool is_one_value = whole.kind != TokenKind::Error && reader.next().kind == TokenKind::End;
  require(is_one_value == is_json, "skipping a value is reading it");
}

}  // namespace

// nlohmann_json is the second opinion.
void read_json(std::string_view input) {
  const Reading reading = read_tokens(input);
  check_skipping(input, reading.is_json);
  const bool accepted = nlohmann::json::accept(input);
  if (reading.is_json) {
    require(accepted || reading.is_flawed, "what is JSON to us is JSON");
  } else {
    // It reads deeper than we do, past a byte order mark, and not past a zero byte.
    const bool is_ours = reading.error == FlawKind::DepthHard ||
                         reading.error == FlawKind::ByteOrderMark ||
                         input.find('\0') != std::string_view::npos;
    require(!accepted || is_ours, "what is no JSON to us is none");
  }
}

}  // namespace waypost::fuzz
