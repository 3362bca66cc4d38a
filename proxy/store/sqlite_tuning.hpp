#pragma once

#include <cstddef>

#include "waypost/limits.hpp"

namespace waypost::relay {

// What costs memory and pauses against what is written to the disk and read from it. Tests set it
// small.
struct SqliteTuning {
  // So many of the latest ids are known in memory only, before they are put in the index together:
  // ids are random, and each by itself would dirty a page of its own.
  std::size_t unindexed_ids_max = 65'536;
  // What the filter in front of the index has at least and at most. It saves a look into the index
  // for nearly every new id, as long as it has ten bits for each id of the last weeks: the most
  // here serves 13 million.
  std::size_t id_filter_bytes_min = 1 * limits::kMiB;
  std::size_t id_filter_bytes_max = 16 * limits::kMiB;
  // Pages of 4 KiB in the WAL before they are moved into the main file. The more, the fewer are
  // written twice; the fewer, the shorter the pause.
  int checkpoint_pages = 4096;
};

}  // namespace waypost::relay
