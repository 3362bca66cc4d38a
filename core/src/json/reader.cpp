#include "waypost/json/reader.hpp"

#include <algorithm>
#include <bit>
#include <cstring>
#include <limits>

#include "json/scan.hpp"
#include "waypost/json/decimal.hpp"
#include "waypost/json/text.hpp"

namespace waypost::json {
namespace {

// Of a statement and the objects that are open in it at once.
constexpr std::size_t kKeysExpected = 32;

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

bool is_hex_digit(char c) {
  return is_digit(c) || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
}

template <typename Word>
std::uint64_t load(const char* at) {
  Word word = 0;
  std::memcpy(&word, at, sizeof word);
  return word;
}

// Only speed rests on this hash: keys with equal hashes are compared by their characters.
std::uint64_t hash_of(std::string_view text) {
  // The first and the last eight bytes, which overlap in a shorter text.
  std::uint64_t first = 0;
  std::uint64_t last = 0;
  if (text.size() >= 8) {
    first = load<std::uint64_t>(text.data());
    last = load<std::uint64_t>(text.data() + text.size() - 8);
  } else if (text.size() >= 4) {
    first = load<std::uint32_t>(text.data());
    last = load<std::uint32_t>(text.data() + text.size() - 4);
  } else {
    for (const char c : text) first = (first << 8U) | static_cast<unsigned char>(c);
  }
  return (first ^ text.size()) * 0x9E3779B97F4A7C15U + std::rotl(last, 32);
}

}  // namespace

Reader::Reader(std::string_view text, DuplicateKeys duplicates)
    : text_(text.substr(0, std::numeric_limits<std::uint32_t>::max())),
      remembers_keys_(duplicates == DuplicateKeys::Reported) {
  if (remembers_keys_) keys_.reserve(kKeysExpected);
}

Token Reader::next() {
  last_opened_ = false;
  char first = skip_white_space();
  bool is_key = false;
  switch (expect_) {
    case Expect::Failed: return {};
    case Expect::Nothing:
      if (at_ != text_.size()) return fail(FlawKind::Syntax, at_, "the end of the text");
      return token(TokenKind::End, at_);
    case Expect::Text:
      if (text_.starts_with("\xEF\xBB\xBF")) return fail(FlawKind::ByteOrderMark, 0, "");
      break;
    case Expect::Value: break;
    case Expect::FirstElement:
      if (first == ']') return close(true);
      break;
    case Expect::FirstKey:
      if (first == '}') return close(false);
      is_key = true;
      break;
    case Expect::CommaOrEnd:
      if (first == (in_array_ ? ']' : '}')) return close(in_array_);
      if (first != ',') {
        return fail(FlawKind::Syntax, at_, in_array_ ? "\",\" or \"]\"" : "\",\" or \"}\"");
      }
      ++at_;
      first = skip_white_space();
      is_key = !in_array_;
      if (in_array_ && tracked()) ++level().index;
      break;
  }
  return is_key ? read_key(first) : read_value(first);
}

Token Reader::skip(Token first) {
  if (first.kind != TokenKind::ObjectBegin && first.kind != TokenKind::ArrayBegin) return first;
  const std::size_t depth_outside = depth_ - 1;
  Token last = first;
  while (depth_ != depth_outside) {
    last = next();
    if (last.kind == TokenKind::Error) return last;
  }
  return token_of(first.kind, false, first.begin, last.end);
}

std::optional<Flaw> Reader::take_flaw() {
  std::optional<Flaw> taken;
  taken.swap(flaw_);
  return taken;
}

std::string_view Reader::decoded_escapes(std::string_view inside, std::string& scratch) {
  scratch.clear();
  append_decoded(scratch, inside);
  return scratch;
}

std::string Reader::pointer() const {
  return pointer_to_level(last_opened_ ? depth_ - 1 : depth_);
}

std::string Reader::pointer_to_level(std::size_t depth) const {
  std::string pointer;
  std::string scratch;
  for (std::size_t i = root_depth_; i < std::min(depth, levels_.size()); ++i) {
    const Level& level = levels_[i];
    if (level.array) {
      pointer += '/';
      pointer += std::to_string(level.index);
    } else if (level.key_end != 0) {
      const Token key = token_of(TokenKind::Key, level.key_escaped, level.key_begin, level.key_end);
      append_pointer_token(pointer, decoded(key, scratch));
    }
  }
  return pointer;
}

Token Reader::token(TokenKind kind, std::size_t begin, bool escaped) const {
  return token_of(kind, escaped, static_cast<std::uint32_t>(begin),
                  static_cast<std::uint32_t>(at_));
}

Token Reader::fail(FlawKind kind, std::size_t offset, const char* expected) {
  error_ = Flaw{kind, offset, expected, pointer()};
  expect_ = Expect::Failed;
  return {};
}

void Reader::note(FlawKind kind, std::size_t offset) {
  if (!flaw_) note_with_pointer(kind, offset, pointer());
}

void Reader::note_with_pointer(FlawKind kind, std::size_t offset, std::string pointer) {
  if (!flaw_) flaw_ = Flaw{kind, offset, "", std::move(pointer)};
}

// What comes behind the white space; '\0' at the end.
inline char Reader::skip_white_space() {
  for (; at_ < text_.size(); ++at_) {
    const char c = text_[at_];
    if (c > ' ' || (c != ' ' && c != '\n' && c != '\r' && c != '\t')) return c;
  }
  return '\0';
}

void Reader::after_value() {
  expect_ = depth_ == 0 ? Expect::Nothing : Expect::CommaOrEnd;
}

Token Reader::read_value(char first) {
  switch (first) {
    case '{': return open(false);
    case '[': return open(true);
    case '"': return read_string(TokenKind::String);
    case 't': return read_literal("true", TokenKind::True);
    case 'f': return read_literal("false", TokenKind::False);
    case 'n': return read_literal("null", TokenKind::Null);
    default: return read_number();
  }
}

Token Reader::open(bool array) {
  if (depth_ == limits::kJsonDepthHardMax) return fail(FlawKind::DepthHard, at_, "");
  if (depth_ - root_depth_ == limits::kJsonDepthMax) note(FlawKind::Depth, at_);
  is_array_[depth_] = array;
  in_array_ = array;
  ++depth_;
  if (tracked()) {
    level() = {.hashes = 0,
               .key_begin = 0,
               .key_end = 0,
               .index = 0,
               .keys_begin = static_cast<std::uint32_t>(keys_.size()),
               .key_escaped = false,
               .array = array,
               .maybe_duplicate = false};
  }
  last_opened_ = true;
  expect_ = array ? Expect::FirstElement : Expect::FirstKey;
  ++at_;
  return token(array ? TokenKind::ArrayBegin : TokenKind::ObjectBegin, at_ - 1);
}

Token Reader::close(bool array) {
  if (!array && tracked()) {
    const Level& object = level();
    if (object.maybe_duplicate) check_duplicate_keys(object.keys_begin);
    keys_.resize(object.keys_begin);
  }
  --depth_;
  in_array_ = depth_ != 0 && is_array_[depth_ - 1];
  ++at_;
  after_value();
  return token(array ? TokenKind::ArrayEnd : TokenKind::ObjectEnd, at_ - 1);
}

Token Reader::read_key(char first) {
  if (first != '"') return fail(FlawKind::Syntax, at_, "a property name in double quotes");
  const Token key = read_string(TokenKind::Key);
  if (key.kind == TokenKind::Error) return key;
  if (tracked()) {
    Level& object = level();
    object.key_begin = key.begin;
    object.key_end = key.end;
    object.key_escaped = key.escaped;
    if (remembers_keys_) remember_key(object, key);
  }
  if (skip_white_space() != ':') return fail(FlawKind::Syntax, at_, "\":\"");
  ++at_;
  expect_ = Expect::Value;
  return key;
}

// What is wrong with the key of a member is told of the object.
void Reader::forget_key() {
  if (tracked()) level().key_end = 0;
}

Token Reader::read_literal(std::string_view word, TokenKind kind) {
  if (!text_.substr(at_).starts_with(word)) return fail(FlawKind::Syntax, at_, "a value");
  const std::size_t begin = at_;
  at_ += word.size();
  after_value();
  return token(kind, begin);
}

bool Reader::scan_digits() {
  const std::size_t begin = at_;
  while (at_ < text_.size() && is_digit(text_[at_])) ++at_;
  return at_ != begin;
}

Token Reader::read_number() {
  const std::size_t begin = at_;
  const auto is_next = [&](char c) { return at_ < text_.size() && text_[at_] == c; };
  if (is_next('-')) ++at_;
  if (is_next('0')) {
    ++at_;
  } else if (!scan_digits()) {
    return fail(FlawKind::Syntax, begin, "a value");
  }
  if (is_next('.')) {
    ++at_;
    if (!scan_digits()) return fail(FlawKind::Syntax, at_, "a digit");
  }
  const bool has_exponent = is_next('e') || is_next('E');
  if (has_exponent) {
    ++at_;
    if (is_next('+') || is_next('-')) ++at_;
    if (!scan_digits()) return fail(FlawKind::Syntax, at_, "a digit");
  }
  // Few numbers are long enough to leave the range of a double or have an exponent.
  const std::string_view number = text_.substr(begin, at_ - begin);
  const bool maybe_huge = has_exponent || number.size() > 300;
  if (maybe_huge && !fits_double(number)) note(FlawKind::NumberRange, begin);
  after_value();
  return token(TokenKind::Number, begin);
}

inline Token Reader::read_string(TokenKind kind) {
  const std::size_t begin = at_;
  at_ = find_first<scan::NotPlain>(text_, begin + 1);
  const bool closes = at_ < text_.size() && text_[at_] == '"';
  return closes ? close_string(kind, begin, false) : scan_string(kind, begin);
}

inline Token Reader::close_string(TokenKind kind, std::size_t begin, bool escaped) {
  ++at_;
  if (kind == TokenKind::String) after_value();
  return token(kind, begin, escaped);
}

// Stands before the first byte that is not plain.
Token Reader::scan_string(TokenKind kind, std::size_t begin) {
  if (kind == TokenKind::Key) forget_key();
  bool escaped = false;
  while (true) {
    if (at_ == text_.size()) return fail(FlawKind::Syntax, at_, "a closing double quote");
    const char c = text_[at_];
    if (c == '"') return close_string(kind, begin, escaped);
    if (c == '\\') {
      escaped = true;
      if (!scan_escape()) return {};
    } else if (static_cast<unsigned char>(c) < 0x20) {
      return fail(FlawKind::Syntax, at_, "an escape such as \\n instead of a control character");
    } else if (!scan_utf8()) {
      return {};
    }
    at_ = find_first<scan::NotPlain>(text_, at_);
  }
}

bool Reader::scan_utf8() {
  const std::size_t length = utf8_length(text_.substr(at_));
  if (length == 0) {
    fail(FlawKind::InvalidUtf8, at_, "");
    return false;
  }
  at_ += length;
  return true;
}

bool Reader::scan_escape() {
  const auto is_unicode_escape = [&](std::size_t at) {
    return at + 6 <= text_.size() && text_[at] == '\\' && text_[at + 1] == 'u' &&
           std::all_of(text_.begin() + static_cast<std::ptrdiff_t>(at) + 2,
                       text_.begin() + static_cast<std::ptrdiff_t>(at) + 6, is_hex_digit);
  };
  const auto surrogate = [&](std::size_t at) {  // 'h', 'l', or 0 for neither
    const char high = static_cast<char>(text_[at + 2] | 0x20);
    if (high != 'd') return '\0';
    const char second = static_cast<char>(text_[at + 3] | 0x20);
    if (second == '8' || second == '9' || second == 'a' || second == 'b') return 'h';
    return second >= 'c' && second <= 'f' ? 'l' : '\0';
  };
  const std::size_t begin = at_;
  if (is_unicode_escape(begin)) {
    at_ += 6;
    const char kind = surrogate(begin);
    if (kind == 'h' && is_unicode_escape(at_) && surrogate(at_) == 'l') {
      at_ += 6;
    } else if (kind != '\0') {
      note(FlawKind::LoneSurrogate, begin);
    }
    return true;
  }
  static constexpr std::string_view kShort = "\"\\/bfnrt";
  if (begin + 1 < text_.size() && kShort.find(text_[begin + 1]) != std::string_view::npos) {
    at_ += 2;
    return true;
  }
  fail(FlawKind::Syntax, begin,
       "a valid escape (\\\" \\\\ \\/ \\b \\f \\n \\r \\t or \\u and 4 digits)");
  return false;
}

inline void Reader::remember_key(Level& object, Token key) {
  const std::uint64_t hash = hash_of(decoded(key, scratch_));
  const std::uint64_t bit = std::uint64_t{1} << (hash >> 58U);
  object.maybe_duplicate |= (object.hashes & bit) != 0;
  object.hashes |= bit;
  keys_.push_back({hash, key});
}

void Reader::check_duplicate_keys(std::size_t keys_begin) {
  const auto begin = keys_.begin() + static_cast<std::ptrdiff_t>(keys_begin);
  const auto report = [&](Token key) {
    std::string scratch;
    std::string pointer = pointer_to_level(depth_ - 1);
    append_pointer_token(pointer, decoded(key, scratch));
    note_with_pointer(FlawKind::DuplicateKey, key.begin, std::move(pointer));
  };
  const auto equal = [&](const KeyReference& left, const KeyReference& right) {
    if (left.hash != right.hash) return false;
    std::string left_scratch;
    std::string right_scratch;
    return decoded(left.token, left_scratch) == decoded(right.token, right_scratch);
  };
  constexpr std::ptrdiff_t kFewKeys = 12;
  if (keys_.end() - begin <= kFewKeys) {
    for (auto key = begin; key != keys_.end(); ++key) {
      const auto same = std::find_if(begin, key, [&](const auto& k) { return equal(k, *key); });
      if (same != key) return report(key->token);
    }
    return;
  }
  // Ties are broken by the characters, so that chosen hash collisions cannot make this quadratic. A
  // heap sort is a fifth of std::sort in the browser's module.
  const auto is_less = [&](const KeyReference& left, const KeyReference& right) {
    if (left.hash != right.hash) return left.hash < right.hash;
    std::string left_scratch;
    std::string right_scratch;
    const int order =
        decoded(left.token, left_scratch).compare(decoded(right.token, right_scratch));
    return order != 0 ? order < 0 : left.token.begin < right.token.begin;
  };
  std::make_heap(begin, keys_.end(), is_less);
  std::sort_heap(begin, keys_.end(), is_less);
  const auto same = std::adjacent_find(begin, keys_.end(), equal);
  if (same != keys_.end()) report((same + 1)->token);
}

}  // namespace waypost::json
