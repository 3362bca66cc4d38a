#pragma once

#include <cstdint>

namespace waypost {

// A disk that fails when told to: a SQLite VFS around the system's own, the default one while this
// lives. One at a time.
class FailingDisk {
 public:
  enum class Fault : std::uint8_t { WriteFull, WriteError, SyncError };

  FailingDisk();
  FailingDisk(const FailingDisk&) = delete;
  FailingDisk& operator=(const FailingDisk&) = delete;
  ~FailingDisk();

  // The operation number `at` of the fault's kind fails from now on, counted from 1; once.
  void fail(Fault fault, int at);

  // Every write fails for lack of space, until `until` says that there is some.
  void fill(bool (*has_space)());

  void heal();

  // Whether the fault asked for has happened.
  bool has_failed() const;

  // Since this lives: files opened, and writes and syncs that were well.
  int opened() const;
  int written() const;
  int synced() const;
};

}  // namespace waypost
