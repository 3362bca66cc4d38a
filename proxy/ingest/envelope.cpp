#include "proxy/ingest/envelope.hpp"

#include <charconv>
#include <utility>

#include "proxy/ingest/acceptance.hpp"
#include "waypost/json/reader.hpp"
#include "waypost/limits.hpp"

namespace waypost::relay {
namespace {

using json::Token;
using json::TokenKind;

// Clocks are wrong by years at most.
constexpr std::int64_t kClockOffsetMaxMs = 100LL * 366 * 24 * 3600 * 1000;

class EnvelopeReader {
 public:
  EnvelopeReader(std::string_view body, statement::Version version)
      : reader_(body), rules_(unstamped_rules(version)) {}

  EnvelopeReading read() {
    if (read_members() && reader_.next().kind == TokenKind::End && check_whole()) {
      return {std::move(envelope_), ErrorCode::None, {}};
    }
    if (reader_.error()) {
      return {std::nullopt, ErrorCode::MalformedJson,
              "The body is not JSON: " + statement::violation_of(*reader_.error()).message};
    }
    return {std::nullopt, code_, std::move(message_)};
  }

 private:
  bool refuse(ErrorCode code, std::string message) {
    code_ = code;
    message_ = std::move(message);
    return false;
  }

  bool refuse(std::string message) { return refuse(ErrorCode::BadRequest, std::move(message)); }

  bool read_members() {
    if (reader_.next().kind != TokenKind::ObjectBegin) {
      return refuse("The body of /post is an object with v, nonce, kind and entries.");
    }
    for (Token key = reader_.next(); key.kind != TokenKind::ObjectEnd; key = reader_.next()) {
      if (key.kind == TokenKind::Error) return false;
      const std::string name(reader_.decoded(key, scratch_));
      const Token value = reader_.next();
      if (value.kind == TokenKind::Error || !read_member(name, value)) return false;
    }
    return true;
  }

  bool read_member(std::string_view name, Token value) {
    if (name == "v") return read_version(value);
    if (name == "nonce") return read_nonce(value);
    if (name == "ticket") return read_ticket(value);
    if (name == "sent_ms") return whole_number(name, value).has_value();
    if (name == "offset_ms") return read_offset(value);
    if (name == "kind") return read_kind(value);
    if (name == "entries") return read_entries(value);
    return reader_.skip(value).kind != TokenKind::Error;
  }

  std::optional<std::int64_t> whole_number(std::string_view name, Token value) {
    const std::string_view digits = reader_.raw(value);
    std::int64_t number = 0;
    const char* const last = digits.data() + digits.size();
    const auto [end, error] = std::from_chars(digits.data(), last, number);
    if (value.kind == TokenKind::Number && error == std::errc() && end == last) return number;
    refuse('"' + std::string(name) + "\" must be a whole number.");
    return std::nullopt;
  }

  bool read_version(Token value) {
    if (value.kind != TokenKind::Number || reader_.raw(value) != "1") {
      return refuse("\"v\" must be 1: this relay speaks version 1 of /post.");
    }
    has_version_ = true;
    return true;
  }

  bool read_nonce(Token value) {
    const std::string_view raw = reader_.raw(value);
    if (value.kind != TokenKind::String || raw.size() < limits::kNonceCharactersMin + 2 ||
        raw.size() > limits::kNonceCharactersMax + 2) {
      return refuse("\"nonce\" must be a string of 8 to 64 characters.");
    }
    envelope_.nonce = raw;
    return true;
  }

  bool read_ticket(Token value) {
    if (value.kind == TokenKind::Null) return true;
    if (value.kind != TokenKind::String) return refuse("\"ticket\" must be a string.");
    envelope_.has_ticket = value.end - value.begin > 2;
    return true;
  }

  bool read_offset(Token value) {
    const auto offset_ms = whole_number("offset_ms", value);
    if (!offset_ms) return false;
    if (*offset_ms > kClockOffsetMaxMs || *offset_ms < -kClockOffsetMaxMs) {
      return refuse("\"offset_ms\" is more than a hundred years.");
    }
    envelope_.clock_offset = Duration{*offset_ms};
    return true;
  }

  bool read_kind(Token value) {
    const std::string_view kind = reader_.decoded(value, scratch_);
    if (value.kind == TokenKind::String && kind == "statements") {
      envelope_.kind = EntryKind::Statements;
    } else if (value.kind == TokenKind::String && kind == "events") {
      envelope_.kind = EntryKind::Events;
    } else {
      return refuse("\"kind\" must be \"statements\" or \"events\".");
    }
    has_kind_ = true;
    return true;
  }

  bool read_entries(Token value) {
    if (value.kind != TokenKind::ArrayBegin) return refuse("\"entries\" must be an array.");
    if (!check_frame()) return false;  // a flaw noted so far would be taken for the first entry's
    has_entries_ = true;
    for (Token entry = reader_.next(); entry.kind != TokenKind::ArrayEnd; entry = reader_.next()) {
      if (entry.kind == TokenKind::Error) return false;
      if (envelope_.entries.size() == limits::kPostEntriesMax) {
        return refuse(ErrorCode::TooMany, "A /post request may have " +
                                              std::to_string(limits::kPostEntriesMax) +
                                              " entries; this one has more. Send fewer.");
      }
      if (!read_entry(entry)) return false;
    }
    return true;
  }

  bool read_entry(Token first) {
    EnvelopeEntry entry;
    if (has_kind_ && envelope_.kind == EntryKind::Statements) {
      entry.validation = statement::validate_value(reader_, first, rules_);
      if (reader_.error()) return false;
      entry.validated = reader_.text();
      entry.text = entry.validation.outline.whole.of(reader_.text());
    } else {
      const Token whole = reader_.skip(first);
      if (whole.kind == TokenKind::Error) return false;
      entry.text = reader_.raw(whole);
      reader_.take_flaw();  // the entry's own, found again when it is read by itself
    }
    envelope_.entries.push_back(std::move(entry));
    return true;
  }

  // Statements that came before it was said that they are statements.
  void validate_late() {
    for (EnvelopeEntry& entry : envelope_.entries) {
      if (!entry.validated.empty()) continue;
      entry.validation = statement::validate(entry.text, rules_);
      entry.validated = entry.text;
    }
  }

  bool check_frame() {
    const auto flaw = reader_.take_flaw();
    return !flaw || refuse("The body's frame: " + statement::violation_of(*flaw).message);
  }

  bool check_whole() {
    if (!check_frame()) return false;
    if (!has_version_) return refuse("\"v\" is missing; write \"v\":1.");
    if (envelope_.nonce.empty()) return refuse("\"nonce\" is missing.");
    if (!has_kind_) return refuse("\"kind\" is missing.");
    if (!has_entries_) return refuse("\"entries\" is missing.");
    if (envelope_.kind == EntryKind::Statements) validate_late();
    return true;
  }

  json::Reader reader_;
  statement::Rules rules_;
  Envelope envelope_;
  std::string scratch_;
  bool has_version_ = false;
  bool has_kind_ = false;
  bool has_entries_ = false;
  ErrorCode code_ = ErrorCode::BadRequest;
  std::string message_;
};

}  // namespace

EnvelopeReading read_envelope(std::string_view body, statement::Version version) {
  return EnvelopeReader(body, version).read();
}

}  // namespace waypost::relay
