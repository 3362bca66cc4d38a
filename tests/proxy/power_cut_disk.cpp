#include "power_cut_disk.hpp"

#include <algorithm>
#include <fstream>
#include <limits>
#include <map>
#include <string>
#include <vector>

#include <sqlite3.h>

#include "waypost/random.hpp"

namespace waypost {
namespace {

constexpr std::size_t kSectorBytes = 512;

struct Change {
  std::size_t at = 0;
  std::string bytes;  // written there; nothing: the file ends there from now on
};

struct Disk {
  std::string synced;
  std::vector<Change> since;
};

constexpr std::uint64_t kNever = std::numeric_limits<std::uint64_t>::max();

std::map<std::string, Disk> disks;
std::uint64_t operation_count = 0;
std::uint64_t cut_at = kNever;
sqlite3_vfs* real_vfs = nullptr;
sqlite3_vfs cut_vfs;
sqlite3_io_methods methods;

// SQLite gives us room for this and then, in the same block, for the real file.
struct File {
  sqlite3_file base;
  sqlite3_file* real;
  const char* name;
};

File& ours(sqlite3_file* file) {
  return *reinterpret_cast<File*>(file);
}

sqlite3_file* real(sqlite3_file* file) {
  return ours(file).real;
}

bool has_power() {
  return ++operation_count < cut_at;
}

std::string contents_of(const std::string& name) {
  std::ifstream in(name, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

void put(std::string& contents, std::size_t at, std::string_view bytes) {
  if (contents.size() < at + bytes.size()) contents.resize(at + bytes.size());
  std::copy(bytes.begin(), bytes.end(), contents.begin() + static_cast<std::ptrdiff_t>(at));
}

int close(sqlite3_file* file) {
  return real(file)->pMethods->xClose(real(file));
}

int read(sqlite3_file* file, void* to, int count, sqlite3_int64 at) {
  return real(file)->pMethods->xRead(real(file), to, count, at);
}

int write(sqlite3_file* file, const void* from, int count, sqlite3_int64 at) {
  if (!has_power()) return SQLITE_IOERR_WRITE;
  const std::string_view bytes(static_cast<const char*>(from), static_cast<std::size_t>(count));
  disks[ours(file).name].since.push_back({static_cast<std::size_t>(at), std::string(bytes)});
  return real(file)->pMethods->xWrite(real(file), from, count, at);
}

int truncate(sqlite3_file* file, sqlite3_int64 size) {
  if (!has_power()) return SQLITE_IOERR_TRUNCATE;
  disks[ours(file).name].since.push_back({static_cast<std::size_t>(size), {}});
  return real(file)->pMethods->xTruncate(real(file), size);
}

int sync(sqlite3_file* file, int flags) {
  if (!has_power()) return SQLITE_IOERR_FSYNC;
  const int code = real(file)->pMethods->xSync(real(file), flags);
  if (code == SQLITE_OK) disks[ours(file).name] = {contents_of(ours(file).name), {}};
  return code;
}

int size(sqlite3_file* file, sqlite3_int64* bytes) {
  return real(file)->pMethods->xFileSize(real(file), bytes);
}

int lock(sqlite3_file* file, int level) {
  return real(file)->pMethods->xLock(real(file), level);
}

int unlock(sqlite3_file* file, int level) {
  return real(file)->pMethods->xUnlock(real(file), level);
}

int is_reserved(sqlite3_file* file, int* result) {
  return real(file)->pMethods->xCheckReservedLock(real(file), result);
}

int control(sqlite3_file* file, int operation, void* argument) {
  return real(file)->pMethods->xFileControl(real(file), operation, argument);
}

int sector_size(sqlite3_file* /*file*/) {
  return static_cast<int>(kSectorBytes);
}

// As a disk that promises nothing: a write may tear, and what was not written may change with it.
int characteristics(sqlite3_file* /*file*/) {
  return 0;
}

int open(sqlite3_vfs* /*vfs*/, const char* name, sqlite3_file* file, int flags, int* flags_out) {
  File& made = ours(file);
  made.real = reinterpret_cast<sqlite3_file*>(&made + 1);
  made.name = name;  // lives as long as the file
  made.base.pMethods = nullptr;
  const int code = real_vfs->xOpen(real_vfs, name, made.real, flags, flags_out);
  if (code != SQLITE_OK) return code;
  made.base.pMethods = &methods;
  disks.try_emplace(name, Disk{contents_of(name), {}});
  return code;
}

// A file that is removed is gone at once: SQLite has the folder synced where that matters.
int remove(sqlite3_vfs* /*vfs*/, const char* name, int sync_folder) {
  if (!has_power()) return SQLITE_IOERR_DELETE;
  disks.erase(name);
  return real_vfs->xDelete(real_vfs, name, sync_folder);
}

// The new sector, the old one, or a part of the new one and the rest of the old one.
void write_sector(std::string& contents, std::size_t at, std::string_view sector, Random& random) {
  const std::int64_t fate = random.up_to(3);
  if (fate == 0) return;
  const std::size_t kept =
      fate == 1 ? static_cast<std::size_t>(random.up_to(static_cast<std::int64_t>(sector.size())))
                : sector.size();
  put(contents, at, sector.substr(0, kept));
}

std::string after_the_cut(const Disk& disk, Random& random) {
  std::string contents = disk.synced;
  for (const Change& change : disk.since) {
    if (change.bytes.empty()) {
      if (random.up_to(1) == 1) contents.resize(change.at);
      continue;
    }
    const std::string_view bytes = change.bytes;
    for (std::size_t done = 0; done < bytes.size();) {
      const std::size_t room = kSectorBytes - (change.at + done) % kSectorBytes;
      const std::string_view sector = bytes.substr(done, room);
      write_sector(contents, change.at + done, sector, random);
      done += sector.size();
    }
  }
  return contents;
}

}  // namespace

PowerCutDisk::PowerCutDisk() {
  disks.clear();
  operation_count = 0;
  cut_at = kNever;
  // Version 1: no shared memory, which a connection with exclusive locking does not need.
  methods = {};
  methods.iVersion = 1;
  methods.xClose = close;
  methods.xRead = read;
  methods.xWrite = write;
  methods.xTruncate = truncate;
  methods.xSync = sync;
  methods.xFileSize = size;
  methods.xLock = lock;
  methods.xUnlock = unlock;
  methods.xCheckReservedLock = is_reserved;
  methods.xFileControl = control;
  methods.xSectorSize = sector_size;
  methods.xDeviceCharacteristics = characteristics;
  real_vfs = sqlite3_vfs_find(nullptr);
  cut_vfs = *real_vfs;
  cut_vfs.zName = "power-cut";
  cut_vfs.szOsFile = static_cast<int>(sizeof(File)) + real_vfs->szOsFile;
  cut_vfs.xOpen = open;
  cut_vfs.xDelete = remove;
  sqlite3_vfs_register(&cut_vfs, 1);
}

PowerCutDisk::~PowerCutDisk() {
  sqlite3_vfs_unregister(&cut_vfs);
  sqlite3_vfs_register(real_vfs, 1);
}

std::uint64_t PowerCutDisk::operations() const {
  return operation_count;
}

void PowerCutDisk::cut_before(std::uint64_t operation) {
  cut_at = operation;
}

bool PowerCutDisk::is_cut() const {
  return operation_count >= cut_at;
}

void PowerCutDisk::restore(std::uint64_t seed) {
  Random random(seed);
  for (auto& [name, disk] : disks) {
    disk = {after_the_cut(disk, random), {}};
    std::ofstream(name, std::ios::binary | std::ios::trunc) << disk.synced;
  }
  cut_at = kNever;
}

}  // namespace waypost
