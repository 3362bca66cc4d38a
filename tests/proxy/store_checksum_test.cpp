#include <string>

#include <boost/test/unit_test.hpp>

#include "proxy/store/sqlite/crc32c.hpp"

namespace waypost::relay::sqlite {

BOOST_AUTO_TEST_SUITE(store_checksum)

// RFC 3720, B.4, and the usual check value.
BOOST_AUTO_TEST_CASE(the_checksum_is_crc32c) {
  const std::string zeros(32, '\0');
  for (const auto& compute : {crc32c, crc32c_by_table}) {
    BOOST_TEST(compute(0, bytes_of_text("123456789")) == 0xe3069283U);
    BOOST_TEST(compute(0, bytes_of_text(zeros)) == 0x8a9136aaU);
    BOOST_TEST(compute(0, {}) == 0U);
  }
}

BOOST_AUTO_TEST_CASE(parts_make_the_whole_on_every_processor) {
  std::string text;
  for (int i = 0; i < 100; ++i) text.push_back(static_cast<char>(i * 37));
  for (std::size_t part = 0; part <= text.size(); ++part) {
    const Bytes whole = bytes_of_text(text);
    const std::uint32_t expected = crc32c_by_table(0, whole);
    BOOST_TEST(crc32c(crc32c(0, whole.first(part)), whole.subspan(part)) == expected);
    BOOST_TEST(crc32c_by_table(crc32c(0, whole.first(part)), whole.subspan(part)) == expected);
  }
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace waypost::relay::sqlite
