#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string_view>

#ifdef __SSE2__
#include <emmintrin.h>
#endif

// Looks at the bytes inside JSON strings, eight or sixteen at a time.
namespace waypost::json {

namespace scan {

inline constexpr std::uint64_t kOnes = 0x0101010101010101U;
inline constexpr std::uint64_t kHighs = 0x8080808080808080U;

// The lowest bit set lies in the first byte that is `c`; 0 when none is. (Bits above it may be
// wrong: a borrow runs up.)
constexpr std::uint64_t bytes_equal(std::uint64_t bytes, char c) {
  const std::uint64_t different = bytes ^ (kOnes * static_cast<unsigned char>(c));
  return (different - kOnes) & ~different & kHighs;
}

#ifdef __SSE2__
// All bits of each byte that is `c`.
inline __m128i bytes_equal(__m128i bytes, char c) {
  return _mm_cmpeq_epi8(bytes, _mm_set1_epi8(c));
}
#endif

// Classes of bytes that can be looked for.

// What ends a string or begins an escape.
struct Boundary {
  template <typename Bytes>
  static Bytes among(Bytes bytes) {
    return bytes_equal(bytes, '"') | bytes_equal(bytes, '\\');
  }

  static bool is(char c) { return c == '"' || c == '\\'; }
};

// What a string can hold as an escape only.
struct Escaped {
  static std::uint64_t among(std::uint64_t bytes) {
    const std::uint64_t control = (bytes - kOnes * 0x20) & ~bytes & kHighs;
    return Boundary::among(bytes) | control;
  }

#ifdef __SSE2__
  static __m128i among(__m128i bytes) {
    // The comparison takes bytes for signed numbers.
    const __m128i shift = _mm_set1_epi8(-0x80);
    const __m128i control = _mm_cmplt_epi8(bytes ^ shift, _mm_set1_epi8(0x20 - 0x80));
    return Boundary::among(bytes) | control;
  }
#endif

  static bool is(char c) {
    return Boundary::is(c) || static_cast<unsigned char>(c) < 0x20;
  }
};

// That, and all that is not ASCII.
struct NotPlain {
  static std::uint64_t among(std::uint64_t bytes) {
    return Escaped::among(bytes) | (bytes & kHighs);
  }

#ifdef __SSE2__
  static __m128i among(__m128i bytes) {
    return Boundary::among(bytes) | _mm_cmplt_epi8(bytes, _mm_set1_epi8(0x20));
  }
#endif

  static bool is(char c) {
    return Escaped::is(c) || static_cast<unsigned char>(c) >= 0x80;
  }
};

static_assert(std::endian::native == std::endian::little, "bytes are counted from the low end");

}  // namespace scan

// The first byte of `text` at or after `at` that is of the class; the text's size when none is.
template <typename Class>
inline std::size_t find_first(std::string_view text, std::size_t at) {
#ifdef __SSE2__
  __m128i sixteen;
  for (; at + sizeof sixteen <= text.size(); at += sizeof sixteen) {
    std::memcpy(&sixteen, text.data() + at, sizeof sixteen);
    const auto found = static_cast<unsigned>(_mm_movemask_epi8(Class::among(sixteen)));
    if (found != 0) return at + static_cast<std::size_t>(std::countr_zero(found));
  }
#endif
  std::uint64_t eight = 0;
  for (; at + sizeof eight <= text.size(); at += sizeof eight) {
    std::memcpy(&eight, text.data() + at, sizeof eight);
    if (const std::uint64_t found = Class::among(eight); found != 0) {
      return at + static_cast<std::size_t>(std::countr_zero(found)) / 8;
    }
  }
  while (at < text.size() && !Class::is(text[at])) ++at;
  return at;
}

}  // namespace waypost::json
