#include <array>
#include <cstdint>

#include "statement/formats/characters.hpp"
#include "statement/formats/formats.hpp"

namespace waypost::statement {
namespace {

// What a character may be part of, by RFC 3986 section 2 and 3.
enum Class : std::uint8_t { Scheme = 1, RegName = 2, Path = 4, Query = 8 };

constexpr std::array<std::uint8_t, 256> make_classes() {
  std::array<std::uint8_t, 256> classes{};
  const auto add = [&](std::string_view characters, int of) {
    for (const char c : characters) {
      auto& entry = classes[static_cast<unsigned char>(c)];
      entry = static_cast<std::uint8_t>(entry | of);
    }
  };
  for (char c = '0'; c < 127; ++c) {
    if (is_alphanumeric(c)) add({&c, 1}, Scheme | RegName | Path | Query);
  }
  add("+-.", Scheme);
  add("-._~!$&'()*+,;=", RegName | Path | Query);
  add(":@/", Path | Query);
  add("?", Query);
  return classes;
}

constexpr auto kClasses = make_classes();

bool is_of(char c, Class of) {
  return (kClasses[static_cast<unsigned char>(c)] & of) != 0;
}

// The code point of the sequence at the start of well-formed UTF-8, and its length.
std::uint32_t decode(std::string_view text, std::size_t& length) {
  const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(text[i]); };
  length = byte(0) < 0xE0 ? 2 : byte(0) < 0xF0 ? 3 : 4;
  std::uint32_t code_point = byte(0) & (0xFFU >> (length + 1));
  for (std::size_t i = 1; i < length; ++i) code_point = (code_point << 6U) | (byte(i) & 0x3FU);
  return code_point;
}

// RFC 3987 section 2.2, ucschar; iprivate is for queries only.
bool is_ucschar(std::uint32_t c, bool may_be_private) {
  if (c < 0x10000) {
    if (c >= 0xE000 && c <= 0xF8FF) return may_be_private;
    return (c >= 0xA0 && c <= 0xD7FF) || (c >= 0xF900 && c <= 0xFDCF) ||
           (c >= 0xFDF0 && c <= 0xFFEF);
  }
  if ((c & 0xFFFFU) >= 0xFFFE) return false;
  if (c >= 0xF0000) return may_be_private;
  return c < 0xE0000 || c >= 0xE1000;
}

// The length of the longest start of `text` that is of the class throughout.
std::size_t span_of(std::string_view text, Class of, bool may_be_private = false) {
  std::size_t at = 0;
  while (true) {
    const auto* const other =
        std::find_if_not(text.begin() + at, text.end(), [&](char c) { return is_of(c, of); });
    at = static_cast<std::size_t>(other - text.begin());
    if (at == text.size() || of == Scheme) return at;
    if (is_ascii(text[at])) {
      if (!starts_percent_encoded(text.substr(at))) return at;
      at += 3;
    } else {
      std::size_t length = 0;
      if (!is_ucschar(decode(text.substr(at), length), may_be_private)) return at;
      at += length;
    }
  }
}

bool is_all(std::string_view text, Class of) {
  return span_of(text, of) == text.size();
}

bool is_ipv4(std::string_view text) {
  for (int part = 0; part < 4; ++part) {
    const auto end = part < 3 ? text.find('.') : text.size();
    if (end == std::string_view::npos) return false;
    const std::string_view digits = text.substr(0, end);
    if (!all_of(digits, is_digit, 1, 3) || (digits.size() > 1 && digits.front() == '0')) {
      return false;
    }
    if (digits.size() == 3 && digits > "255") return false;
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return true;
}

constexpr int kNotGroups = 100;

// How many 16-bit groups of an IPv6 address `text` is.
int count_ipv6_groups(std::string_view text) {
  int groups = 0;
  while (!text.empty()) {
    const auto colon = text.find(':');
    const std::string_view group = text.substr(0, colon);
    if (colon == std::string_view::npos && is_ipv4(group)) return groups + 2;
    if (!all_of(group, is_hex_digit, 1, 4)) return kNotGroups;
    ++groups;
    if (colon == std::string_view::npos) return groups;
    text.remove_prefix(colon + 1);
    if (text.empty()) return kNotGroups;
  }
  return groups;
}

// RFC 3986 section 3.2.2.
bool is_ipv6(std::string_view text) {
  const auto gap = text.find("::");
  if (gap == std::string_view::npos) return count_ipv6_groups(text) == 8;
  const std::string_view left = text.substr(0, gap);
  if (left.find('.') != std::string_view::npos) return false;
  return count_ipv6_groups(left) + count_ipv6_groups(text.substr(gap + 2)) <= 7;
}

bool is_host(std::string_view host) {
  if (!host.starts_with('[')) return is_all(host, RegName);
  if (!host.ends_with(']')) return false;
  const std::string_view literal = host.substr(1, host.size() - 2);
  if (!literal.starts_with('v') && !literal.starts_with('V')) return is_ipv6(literal);
  const auto dot = literal.find('.');
  return dot != std::string_view::npos && dot + 1 < literal.size() &&
         all_of(literal.substr(1, dot - 1), is_hex_digit, 1, dot) &&
         std::all_of(literal.begin(), literal.end(),
                     [](char c) { return c == ':' || is_of(c, RegName); });
}

bool is_authority(std::string_view authority) {
  if (const auto at = authority.rfind('@'); at != std::string_view::npos) {
    const std::string_view user = authority.substr(0, at);
    if (user.find_first_of("@/") != std::string_view::npos || !is_all(user, Path)) return false;
    authority.remove_prefix(at + 1);
  }
  const auto colon = authority.rfind(':');
  if (colon != std::string_view::npos && authority.find(']', colon) == std::string_view::npos) {
    const std::string_view port = authority.substr(colon + 1);
    if (!std::all_of(port.begin(), port.end(), is_digit)) return false;
    authority = authority.substr(0, colon);
  }
  return is_host(authority);
}

}  // namespace

bool is_iri(std::string_view text) {
  const std::size_t scheme = span_of(text, Scheme);
  if (scheme == 0 || !is_alpha(text.front())) return false;
  if (scheme == text.size() || text[scheme] != ':') return false;
  text.remove_prefix(scheme + 1);
  if (text.starts_with("//")) {
    text.remove_prefix(2);
    // Mostly a name and nothing more.
    const std::size_t name = span_of(text, RegName);
    const std::size_t length = std::min(text.find_first_of("/?#", name), text.size());
    if (length != name && !is_authority(text.substr(0, length))) return false;
    text.remove_prefix(length);
  }
  text.remove_prefix(span_of(text, Path));
  if (text.starts_with('?')) {
    text.remove_prefix(1);
    text.remove_prefix(span_of(text, Query, true));
  }
  if (text.starts_with('#')) {
    text.remove_prefix(1);
    text.remove_prefix(span_of(text, Query));
  }
  return text.empty();
}

bool is_uri(std::string_view text) {
  return std::all_of(text.begin(), text.end(), is_ascii) && is_iri(text);
}

}  // namespace waypost::statement
