#pragma once

#include <cstdint>

#include "proxy/store/sqlite/statement.hpp"

// CRC-32C (Castagnoli), which the processor computes where it can: a statement costs a tenth of a
// microsecond then. Any burst of up to 32 flipped bits is found for certain.
namespace waypost::relay::sqlite {

// Of the bytes behind those that have `so_far`; 0 at the beginning.
std::uint32_t crc32c(std::uint32_t so_far, Bytes bytes);

// The same on every processor.
std::uint32_t crc32c_by_table(std::uint32_t so_far, Bytes bytes);

}  // namespace waypost::relay::sqlite
