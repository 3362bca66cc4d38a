#include "proxy/store/sqlite/gathering_disk.hpp"

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string>

#include <sqlite3.h>

#include "proxy/store/sqlite/sqlite_error.hpp"
#include "waypost/limits.hpp"

namespace waypost::relay::sqlite {
namespace {

// As much as a page may have, so that each write finds room. SQLite's own VFS takes less than twice
// as much at a time.
constexpr sqlite3_int64 kGatheredBytesMax = 64 * limits::kKiB;

// SQLite gives the memory for it, and for the file below right after it.
struct GatheringFile : sqlite3_file {
  sqlite3_file* below() { return reinterpret_cast<sqlite3_file*>(this + 1); }

  std::byte* gathered;
  sqlite3_int64 size;   // of what is gathered
  sqlite3_int64 begin;  // where in the file it belongs
};

GatheringFile& gathering(sqlite3_file* file) {
  return *static_cast<GatheringFile*>(file);
}

// What fails is forgotten, as with any write that fails.
int carry_out(GatheringFile& file) {
  if (file.size == 0) return SQLITE_OK;
  const int size = static_cast<int>(file.size);
  file.size = 0;
  return file.below()->pMethods->xWrite(file.below(), file.gathered, size, file.begin);
}

int write(sqlite3_file* base, const void* bytes, int count, sqlite3_int64 offset) noexcept {
  GatheringFile& file = gathering(base);
  if (offset != file.begin + file.size || file.size + count > kGatheredBytesMax) {
    const int code = carry_out(file);
    if (code != SQLITE_OK) return code;
    file.begin = offset;
  }
  std::memcpy(file.gathered + file.size, bytes, static_cast<std::size_t>(count));
  file.size += count;
  return SQLITE_OK;
}

// Calls the method of the file below.
template <auto Method, typename... Arguments>
int pass_on(sqlite3_file* base, Arguments... arguments) noexcept {
  GatheringFile& file = gathering(base);
  return (file.below()->pMethods->*Method)(file.below(), arguments...);
}

// Likewise, once that has all that was written. For methods whose failure SQLite heeds only: a
// checkpoint ignores what xFileControl returns, and would go on without the pages.
template <auto Method, typename... Arguments>
int pass_on_after_writes(sqlite3_file* base, Arguments... arguments) noexcept {
  const int code = carry_out(gathering(base));
  return code == SQLITE_OK ? pass_on<Method, Arguments...>(base, arguments...) : code;
}

int close(sqlite3_file* base) noexcept {
  GatheringFile& file = gathering(base);
  const int code = carry_out(file);
  const int closed = file.below()->pMethods->xClose(file.below());
  sqlite3_free(file.gathered);
  return code == SQLITE_OK ? closed : code;
}

// Version 1: no shared memory, which a connection with exclusive locking does not need.
const sqlite3_io_methods kMethods = {
    1,
    close,
    pass_on_after_writes<&sqlite3_io_methods::xRead, void*, int, sqlite3_int64>,
    write,
    pass_on_after_writes<&sqlite3_io_methods::xTruncate, sqlite3_int64>,
    pass_on_after_writes<&sqlite3_io_methods::xSync, int>,
    pass_on_after_writes<&sqlite3_io_methods::xFileSize, sqlite3_int64*>,
    pass_on<&sqlite3_io_methods::xLock, int>,
    pass_on<&sqlite3_io_methods::xUnlock, int>,
    pass_on<&sqlite3_io_methods::xCheckReservedLock, int*>,
    pass_on<&sqlite3_io_methods::xFileControl, int, void*>,
    pass_on<&sqlite3_io_methods::xSectorSize>,
    pass_on<&sqlite3_io_methods::xDeviceCharacteristics>,
    nullptr,
    nullptr,
    nullptr,
    nullptr,
    nullptr,
    nullptr,
};

}  // namespace

struct GatheringDisk::Vfs : sqlite3_vfs {
  explicit Vfs(sqlite3_vfs* system) : sqlite3_vfs(*system), below(system) {
    name = "waypost-" + std::to_string(reinterpret_cast<std::uintptr_t>(this));
    zName = name.c_str();
    szOsFile = static_cast<int>(sizeof(GatheringFile)) + system->szOsFile;
    xOpen = &Vfs::open;
  }

  static int open(sqlite3_vfs* self, const char* path, sqlite3_file* base, int flags,
                  int* flags_out) noexcept {
    sqlite3_vfs* const below = static_cast<Vfs*>(self)->below;
    if ((flags & (SQLITE_OPEN_MAIN_DB | SQLITE_OPEN_WAL)) == 0) {
      return below->xOpen(below, path, base, flags, flags_out);
    }
    GatheringFile& file = gathering(base);
    file.pMethods = nullptr;  // it is not closed then
    file.size = 0;
    file.gathered = static_cast<std::byte*>(sqlite3_malloc64(kGatheredBytesMax));
    if (file.gathered == nullptr) return SQLITE_NOMEM;
    const int code = below->xOpen(below, path, file.below(), flags, flags_out);
    if (code == SQLITE_OK) {
      file.pMethods = &kMethods;
    } else {
      sqlite3_free(file.gathered);
    }
    return code;
  }

  sqlite3_vfs* below;
  std::string name;
};

GatheringDisk::GatheringDisk() : vfs_(std::make_unique<Vfs>(sqlite3_vfs_find(nullptr))) {
  const int code = sqlite3_vfs_register(vfs_.get(), 0);
  if (code != SQLITE_OK) throw SqliteError(code, 0, "registering the disk");
}

GatheringDisk::~GatheringDisk() {
  sqlite3_vfs_unregister(vfs_.get());
}

const char* GatheringDisk::name() const {
  return vfs_->zName;
}

}  // namespace waypost::relay::sqlite
