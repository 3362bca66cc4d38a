#include "statement/formats/characters.hpp"
#include "statement/formats/formats.hpp"

namespace waypost::statement {
namespace {

constexpr std::string_view kScheme = "mailto:";

// Of an atom (RFC 5322 section 3.2.3). Some of these a mailto IRI has percent-encoded only (RFC
// 6068 section 2), but xAPI asks for "mailto:email address"; "?" would begin header fields, and
// "%" begins an encoded one.
bool is_local_character(char c) {
  return is_alphanumeric(c) || !is_ascii(c) ||
         std::string_view("!#$&'*+-/=^_`{|}~").find(c) != std::string_view::npos;
}

bool is_domain_character(char c) {
  return is_alphanumeric(c) || !is_ascii(c) || c == '-';
}

// One or more atoms with single dots between them.
template <typename Class>
bool is_dot_atom(std::string_view text, Class is_of_class) {
  bool after_atom = false;
  while (!text.empty()) {
    if (text.front() == '.') {
      if (!after_atom) return false;
      after_atom = false;
      text.remove_prefix(1);
      continue;
    }
    const bool encoded = starts_percent_encoded(text);
    if (!encoded && !is_of_class(text.front())) return false;
    text.remove_prefix(encoded ? 3 : 1);
    after_atom = true;
  }
  return after_atom;
}

bool is_domain(std::string_view domain) {
  if (!domain.starts_with('[')) return is_dot_atom(domain, is_domain_character);
  return domain.size() > 2 && domain.find(']') == domain.size() - 1 &&
         std::all_of(domain.begin() + 1, domain.end() - 1,
                     [](char c) { return is_alphanumeric(c) || c == '.' || c == ':' || c == '-'; });
}

}  // namespace

bool is_mailbox(std::string_view text) {
  if (!text.starts_with(kScheme)) return false;
  const std::string_view address = text.substr(kScheme.size());
  const auto at = address.rfind('@');
  return at != std::string_view::npos && is_dot_atom(address.substr(0, at), is_local_character) &&
         is_domain(address.substr(at + 1));
}

}  // namespace waypost::statement
