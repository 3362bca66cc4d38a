#include "proxy/lrs_client/stored_form.hpp"

#include <array>
#include <charconv>
#include <cstddef>
#include <system_error>

#include "waypost/json/reader.hpp"

namespace waypost::relay {
namespace {

using json::Token;
using json::TokenKind;

// The shortest spelling of the double that an LRS makes of it.
void append_number(std::string& form, std::string_view number) {
  constexpr std::size_t kDoubleLengthMax = 32;
  double value = 0;
  const auto read = std::from_chars(number.data(), number.data() + number.size(), value);
  // Valid numbers can only be too small; of nothing the sign is not kept.
  if (read.ec != std::errc() || value == 0) value = 0;
  std::array<char, kDoubleLengthMax> spelling{};
  const auto written = std::to_chars(spelling.data(), spelling.data() + spelling.size(), value);
  form.append(spelling.data(), written.ptr);
}

class Writer {
 public:
  explicit Writer(std::string_view statement)
      : reader_(statement, json::DuplicateKeys::KnownAbsent) {
    form_.reserve(statement.size());
  }

  std::string write() {
    for (Token token = reader_.next(); !is_last(token); token = reader_.next()) {
      if (token.kind == TokenKind::Key) {
        append_member(token);
      } else {
        append(token);
      }
    }
    return std::move(form_);
  }

 private:
  static bool is_last(Token token) {
    return token.kind == TokenKind::End || token.kind == TokenKind::Error;
  }

  void append_member(Token key) {
    const std::string_view name = reader_.decoded(key, scratch_);
    const bool is_object_type = name == "objectType";
    const bool is_extensions = name == "extensions";
    const Token value = reader_.next();
    if (is_object_type && extensions_depth_ == 0 && is_implied(value)) return;
    separate();
    form_ += reader_.raw(key);
    form_ += ':';
    append(value);
    // Within extensions no word means anything to us.
    const bool opens = value.kind == TokenKind::ObjectBegin;
    if (is_extensions && opens && extensions_depth_ == 0) extensions_depth_ = reader_.depth();
  }

  // Where one of these may be left out, valid statements cannot mean the other.
  bool is_implied(Token object_type) {
    if (object_type.kind != TokenKind::String) return false;
    const std::string_view word = reader_.decoded(object_type, scratch_);
    return word == "Activity" || word == "Agent";
  }

  void append(Token token) {
    switch (token.kind) {
      case TokenKind::ObjectEnd:
        if (reader_.depth() < extensions_depth_) extensions_depth_ = 0;
        form_ += '}';
        return;
      case TokenKind::ArrayEnd: form_ += ']'; return;
      case TokenKind::Number: separate(); return append_number(form_, reader_.raw(token));
      default: separate(); form_ += reader_.raw(token);
    }
  }

  void separate() {
    constexpr std::string_view kBeforeFirst = "{[:";
    if (!form_.empty() && kBeforeFirst.find(form_.back()) == std::string_view::npos) form_ += ',';
  }

  json::Reader reader_;
  std::string form_;
  std::string scratch_;
  std::size_t extensions_depth_ = 0;  // of what stands in the outermost, or 0
};

}  // namespace

std::string stored_form(std::string_view statement) {
  return Writer(statement).write();
}

}  // namespace waypost::relay
