#pragma once

#include <memory>

namespace waypost::relay::sqlite {

// Gathers what SQLite writes to the queue's file and its log, a frame's head and a page at a time,
// so that the system is called once for many of them: a SQLite VFS on top of the default one. What
// was gathered is carried out before anything that could tell the difference: a read, a sync, a
// look at the size, the close. What fails then fails there, before a commit has its sync.
class GatheringDisk {
 public:
  // Outlives the connection that is opened with its name.
  GatheringDisk();
  GatheringDisk(const GatheringDisk&) = delete;
  GatheringDisk& operator=(const GatheringDisk&) = delete;
  ~GatheringDisk();

  const char* name() const;

 private:
  struct Vfs;
  std::unique_ptr<Vfs> vfs_;
};

}  // namespace waypost::relay::sqlite
