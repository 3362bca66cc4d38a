#include "statement/formats/characters.hpp"
#include "statement/formats/formats.hpp"

namespace waypost::statement {
namespace {

bool is_digest(std::string_view text, std::size_t bits) {
  return all_of(text, is_hex_digit, bits / 4, bits / 4);
}

}  // namespace

bool is_sha1(std::string_view text) {
  return is_digest(text, 160);
}

bool is_sha2(std::string_view text) {
  return is_digest(text, 256) || is_digest(text, 224) || is_digest(text, 384) ||
         is_digest(text, 512);
}

}  // namespace waypost::statement
