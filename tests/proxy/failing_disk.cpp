#include "failing_disk.hpp"

#include <optional>

#include <sqlite3.h>

namespace waypost {
namespace {

struct Order {
  FailingDisk::Fault fault;
  int left;  // operations before it
};

std::optional<Order> order;
bool failed = false;
int opened_count = 0;
int written_count = 0;
int synced_count = 0;
bool (*has_space)() = nullptr;
sqlite3_vfs* real_vfs = nullptr;
sqlite3_vfs failing_vfs;

// SQLite gives us room for this and then, in the same block, for the real file.
struct File {
  sqlite3_file base;
  sqlite3_file* real;
};

sqlite3_file* real(sqlite3_file* file) {
  return reinterpret_cast<File*>(file)->real;
}

bool is_due(FailingDisk::Fault fault) {
  if (!order.has_value() || order->fault != fault || --order->left > 0) return false;
  order.reset();
  failed = true;
  return true;
}

int close(sqlite3_file* file) {
  return real(file)->pMethods->xClose(real(file));
}

int read(sqlite3_file* file, void* to, int count, sqlite3_int64 at) {
  return real(file)->pMethods->xRead(real(file), to, count, at);
}

int write(sqlite3_file* file, const void* from, int count, sqlite3_int64 at) {
  if (has_space != nullptr && !has_space()) return SQLITE_FULL;
  if (is_due(FailingDisk::Fault::WriteFull)) return SQLITE_FULL;
  if (is_due(FailingDisk::Fault::WriteError)) return SQLITE_IOERR_WRITE;
  ++written_count;
  return real(file)->pMethods->xWrite(real(file), from, count, at);
}

int truncate(sqlite3_file* file, sqlite3_int64 size) {
  return real(file)->pMethods->xTruncate(real(file), size);
}

int sync(sqlite3_file* file, int flags) {
  if (is_due(FailingDisk::Fault::SyncError)) return SQLITE_IOERR_FSYNC;
  ++synced_count;
  return real(file)->pMethods->xSync(real(file), flags);
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

int sector_size(sqlite3_file* file) {
  return real(file)->pMethods->xSectorSize(real(file));
}

int characteristics(sqlite3_file* file) {
  return real(file)->pMethods->xDeviceCharacteristics(real(file));
}

// Version 1: no shared memory, which a connection with exclusive locking does not need.
const sqlite3_io_methods kMethods{
    1,       close,       read,    write,       truncate,        sync,    size,    lock,
    unlock,  is_reserved, control, sector_size, characteristics, nullptr, nullptr, nullptr,
    nullptr, nullptr,     nullptr};

int open(sqlite3_vfs*, const char* name, sqlite3_file* file, int flags, int* flags_out) {
  auto* ours = reinterpret_cast<File*>(file);
  ours->real = reinterpret_cast<sqlite3_file*>(ours + 1);
  ours->base.pMethods = nullptr;
  const int code = real_vfs->xOpen(real_vfs, name, ours->real, flags, flags_out);
  ++opened_count;
  if (code == SQLITE_OK) ours->base.pMethods = &kMethods;
  return code;
}

}  // namespace

FailingDisk::FailingDisk() {
  opened_count = 0;
  written_count = 0;
  synced_count = 0;
  real_vfs = sqlite3_vfs_find(nullptr);
  failing_vfs = *real_vfs;
  failing_vfs.zName = "failing";
  failing_vfs.szOsFile = static_cast<int>(sizeof(File)) + real_vfs->szOsFile;
  failing_vfs.xOpen = open;
  sqlite3_vfs_register(&failing_vfs, 1);
}

FailingDisk::~FailingDisk() {
  heal();
  sqlite3_vfs_unregister(&failing_vfs);
  sqlite3_vfs_register(real_vfs, 1);
}

void FailingDisk::fail(Fault fault, int at) {
  failed = false;
  order = Order{fault, at};
}

void FailingDisk::fill(bool (*until)()) {
  has_space = until;
}

void FailingDisk::heal() {
  order.reset();
  has_space = nullptr;
}

bool FailingDisk::has_failed() const {
  return failed;
}

int FailingDisk::opened() const {
  return opened_count;
}

int FailingDisk::written() const {
  return written_count;
}

int FailingDisk::synced() const {
  return synced_count;
}

}  // namespace waypost
