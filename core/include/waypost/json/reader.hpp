#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "waypost/limits.hpp"

// The one JSON reader of Waypost (RFC 8259). Validation, splitting a request into statements and
// splicing stamps into a statement all use it, so no two parts can disagree about a byte.
namespace waypost::json {

enum class TokenKind : std::uint8_t {
  ObjectBegin,
  ObjectEnd,
  ArrayBegin,
  ArrayEnd,
  Key,
  String,
  Number,
  True,
  False,
  Null,
  End,    // the text is over and was well-formed
  Error,  // the text is not JSON; error() says why; every later next() gives Error again
};

// What the text was read as, and where: text[begin, end), quotes included for keys and strings.
// Small enough to be returned in registers, which doubles the speed of whoever reads.
struct alignas(std::uint64_t) Token {
  TokenKind kind = TokenKind::Error;
  bool escaped = false;  // a key or string that holds at least one escape
  std::uint32_t begin = 0;
  std::uint32_t end = 0;
};

static_assert(sizeof(Token) == 16);

// The same as Token{kind, escaped, begin, end}, put together in registers. GCC writes the members
// to the stack one by one and reads them back as words, for which the processor has to wait.
inline Token token_of(TokenKind kind, bool escaped, std::uint32_t begin, std::uint32_t end) {
  const std::array<std::uint64_t, 2> words{
      static_cast<std::uint64_t>(kind) | (std::uint64_t{escaped} << 8U) |
          (std::uint64_t{begin} << (8 * offsetof(Token, begin))),
      end};
  Token token;
  std::memcpy(static_cast<void*>(&token), words.data(), sizeof token);
  return token;
}

// Whether a reader looks for names that stand twice in an object. It need not where the text was
// read before, and found to have none.
enum class DuplicateKeys : std::uint8_t { Reported, KnownAbsent };

enum class FlawKind : std::uint8_t {
  // The text is not JSON: reading ends.
  Syntax,
  InvalidUtf8,
  ByteOrderMark,
  DepthHard,  // nested deeper than limits::kJsonDepthHardMax
  // JSON, but not what a statement may hold: reading goes on.
  DuplicateKey,
  LoneSurrogate,
  NumberRange,  // beyond an IEEE 754 double
  Depth,        // nested deeper than limits::kJsonDepthMax
};

struct Flaw {
  FlawKind kind = FlawKind::Syntax;
  std::size_t offset = 0;     // bytes from the start of the text
  const char* expected = "";  // for Syntax: what would have been right there
  std::string pointer;        // RFC 6901, from the level given to mark_root()
};

// Reads one text, forward, once. Not thread-safe; the text must outlive it, and have less than 4
// GiB (what is beyond is not read, so that the text is not JSON).
//
//   Reader reader(text);
//   for (Token token = reader.next(); token.kind != TokenKind::End; token = reader.next()) {
//     if (token.kind == TokenKind::Error) return *reader.error();
//     ...
//   }
class Reader {
 public:
  explicit Reader(std::string_view text, DuplicateKeys duplicates = DuplicateKeys::Reported);

  Token next();

  // Reads past the value that `first` begins (nothing more to read for a scalar). Returns the span
  // of the whole value, or Error.
  Token skip(Token first);

  // Why the last token was an Error.
  const std::optional<Flaw>& error() const { return error_; }

  // The first flaw that did not end the reading, since the last call; then forgets it.
  std::optional<Flaw> take_flaw();

  bool has_flaw() const { return flaw_.has_value(); }

  std::string_view text() const { return text_; }

  // The token's bytes as they stand in the text.
  std::string_view raw(Token token) const {
    return text_.substr(token.begin, token.end - token.begin);
  }

  // What a key or string stands for. Points into the text where there is no escape, else into
  // `scratch`, which is overwritten.
  std::string_view decoded(Token token, std::string& scratch) const {
    const auto inside = text_.substr(token.begin + 1, token.end - token.begin - 2);
    return token.escaped ? decoded_escapes(inside, scratch) : inside;
  }

  // Pointers are written from the place where the reader stands now: call it on the first token of
  // a statement inside an array. Depth limits count from here too.
  void mark_root() { root_depth_ = depth_ - (last_opened_ ? 1 : 0); }

  // RFC 6901 pointer to the value (or key) that next() gave last.
  std::string pointer() const;

  // How many objects and arrays are open.
  std::size_t depth() const { return depth_; }

 private:
  enum class Expect : std::uint8_t {
    Text,  // what is read first
    Value,
    FirstKey,
    FirstElement,
    CommaOrEnd,
    Nothing,
    Failed,
  };

  // No initialisers: there is room for many, and open() fills them all in.
  struct Level {
    std::uint64_t hashes;      // one bit for each of the keys so far, by its hash
    std::uint32_t key_begin;   // of the current member's key
    std::uint32_t key_end;     // 0 while there is none
    std::uint32_t index;       // of the current element
    std::uint32_t keys_begin;  // first of this object's keys in keys_
    bool key_escaped;
    bool array;
    bool maybe_duplicate;  // two keys had the same bit
  };

  struct KeyReference {
    std::uint64_t hash = 0;
    Token token;
  };

  static std::string_view decoded_escapes(std::string_view inside, std::string& scratch);
  Token token(TokenKind kind, std::size_t begin, bool escaped = false) const;
  Token fail(FlawKind kind, std::size_t offset, const char* expected);
  void note(FlawKind kind, std::size_t offset);
  void note_with_pointer(FlawKind kind, std::size_t offset, std::string pointer);
  char skip_white_space();
  void after_value();
  Token read_value(char first);
  Token open(bool array);
  Token close(bool array);
  Token read_key(char first);
  Token read_literal(std::string_view word, TokenKind kind);
  Token read_number();
  Token read_string(TokenKind kind);
  Token close_string(TokenKind kind, std::size_t begin, bool escaped);
  Token scan_string(TokenKind kind, std::size_t begin);
  bool scan_escape();
  bool scan_utf8();
  bool scan_digits();
  void forget_key();
  void remember_key(Level& object, Token key);
  void check_duplicate_keys(std::size_t keys_begin);

  // Whether there is a level for what was opened last.
  bool tracked() const { return depth_ - 1 < levels_.size(); }

  Level& level() { return levels_[depth_ - 1]; }

  std::string pointer_to_level(std::size_t depth) const;

  std::string_view text_;
  bool remembers_keys_;
  std::size_t at_ = 0;
  std::size_t depth_ = 0;
  std::size_t root_depth_ = 0;
  bool in_array_ = false;     // the innermost of what is open is one
  bool last_opened_ = false;  // next() gave ObjectBegin or ArrayBegin last
  Expect expect_ = Expect::Text;
  std::optional<Flaw> error_;
  std::optional<Flaw> flaw_;
  // An envelope and an array may stand around a statement of the greatest depth.
  std::array<Level, limits::kJsonDepthMax + 4> levels_;
  std::array<bool, limits::kJsonDepthHardMax> is_array_;  // no initialiser either
  std::vector<KeyReference> keys_;
  std::string scratch_;
};

}  // namespace waypost::json
