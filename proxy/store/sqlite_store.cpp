#include "proxy/store/sqlite_store.hpp"

#include <fcntl.h>
#include <unistd.h>

#include "proxy/store/sqlite/appender.hpp"
#include "proxy/store/sqlite/audit_log.hpp"
#include "proxy/store/sqlite/database.hpp"
#include "proxy/store/sqlite/dead_letter_changes.hpp"
#include "proxy/store/sqlite/dead_letter_table.hpp"
#include "proxy/store/sqlite/forgetter.hpp"
#include "proxy/store/sqlite/queue_reader.hpp"
#include "proxy/store/sqlite/registration.hpp"
#include "proxy/store/sqlite/settler.hpp"
#include "proxy/store/sqlite/sqlite_error.hpp"

namespace waypost::relay {
namespace {

// What one refused append may give back: twice the reserve, in steps that the WAL can take.
constexpr int kShrinkPages = 1024;
constexpr int kShrinkSteps = 8;

void sync_folder(const std::filesystem::path& folder) {
  const int descriptor = ::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (descriptor < 0) return;
  ::fsync(descriptor);
  ::close(descriptor);
}

std::optional<StoreError> make_folder(const std::filesystem::path& folder) {
  std::error_code error;
  if (std::filesystem::create_directories(folder, error)) {
    std::filesystem::permissions(folder, std::filesystem::perms::owner_all, error);
    sync_folder(std::filesystem::absolute(folder).parent_path());
  }
  if (!error) return std::nullopt;
  return StoreError{ErrorCode::StorageFailed, "making " + folder.string() + ": " + error.message()};
}

std::size_t count_entries(std::span<const AppendRequest> appends) {
  std::size_t count = 0;
  for (const AppendRequest& request : appends) count += request.entries.size();
  return count;
}

}  // namespace

SqliteStore::SqliteStore(const std::filesystem::path& folder, const SqliteTuning& tuning)
    : tuning_(tuning), file_(folder / "queue.sqlite"), reserve_(folder / "reserve") {}

SqliteStore::~SqliteStore() = default;

StoreResult<std::unique_ptr<SqliteStore>> SqliteStore::create(const std::filesystem::path& folder,
                                                              const SqliteTuning& tuning) {
  if (auto error = make_folder(folder)) return {{}, std::move(*error)};
  std::unique_ptr<SqliteStore> store(new SqliteStore(folder, tuning));
  try {
    store->database_ =
        std::make_unique<sqlite::Database>(store->file_, sqlite::Verify::SmallTables, tuning);
  } catch (const sqlite::SqliteError& error) {
    StoreError refusal = error.store_error();
    if (error.is_locked_by_another()) refusal.message = "another relay uses this folder";
    refusal.message = folder.string() + ": " + refusal.message;
    return {{}, std::move(refusal)};
  }
  store->identity_ = identity_of(store->file_);
  return {std::move(store), {}};
}

template <typename Work>
auto SqliteStore::guarded(Work work)
    -> StoreResult<decltype(work(std::declval<sqlite::Database&>()))> {
  try {
    if (!database_) {
      if (auto error = missing_file()) return {{}, std::move(*error)};
      database_ = std::make_unique<sqlite::Database>(file_, sqlite::Verify::Everything, tuning_);
      database_->connection.checkpoint();
    }
    return {work(*database_), {}};
  } catch (const sqlite::SqliteError& error) {
    if (error.must_reopen()) database_.reset();
    return {{}, error.store_error()};
  } catch (const std::exception& error) {
    return {{}, {ErrorCode::Internal, error.what()}};
  }
}

template <typename Work>
auto SqliteStore::changed(Work work)
    -> StoreResult<decltype(work(std::declval<sqlite::Database&>()))> {
  const auto once = [&] {
    return guarded([&](sqlite::Database& database) {
      sqlite::Transaction transaction(database.connection);
      sqlite::KnownIds::Change change(database.known_ids);
      auto done = work(database);
      transaction.commit();
      change.keep();
      return done;
    });
  };
  auto result = once();
  if (!result.value && result.error.code == ErrorCode::StorageFull) {
    reserve_.release();
    result = once();
  }
  if (result.value) checkpoint_when_due();
  return result;
}

template <typename Work>
auto SqliteStore::appended(Work work)
    -> StoreResult<decltype(work(std::declval<sqlite::Database&>()))> {
  if (auto error = why_not_append()) return {{}, std::move(*error)};
  return changed(std::move(work));
}

StoreResult<std::vector<RegisteredDestination>> SqliteStore::register_destinations(
    std::span<const DestinationName> names) {
  return changed(
      [&](sqlite::Database& database) { return sqlite::register_destinations(database, names); });
}

StoreResult<std::vector<RegisteredDestination>> SqliteStore::change_destinations(
    std::span<const RunningDestination> running, std::span<const DestinationName> names) {
  auto result = changed([&](sqlite::Database& database) {
    return sqlite::change_destinations(database, running, names);
  });
  if (!result.value) return {{}, std::move(result.error)};
  return std::move(*result.value);
}

StoreResult<std::int64_t> SqliteStore::release(DestinationId destination, const Order& order) {
  return changed(
      [&](sqlite::Database& database) { return sqlite::release(database, destination, order); });
}

StoreResult<SqliteStore::Outcomes> SqliteStore::commit(std::span<const AppendRequest> appends,
                                                       std::span<const Settlement> settlements,
                                                       Instant now) {
  if (!appends.empty()) {
    if (auto error = why_not_append()) return {{}, std::move(*error)};
  }
  auto result = commit_once(appends, settlements, now);
  if (!result.value && result.error.code == ErrorCode::StorageFull) {
    reserve_.release();
    if (appends.empty()) result = commit_once(appends, settlements, now);
  }
  if (result.value) checkpoint_when_due();
  return result;
}

StoreResult<SqliteStore::Outcomes> SqliteStore::commit_once(std::span<const AppendRequest> appends,
                                                            std::span<const Settlement> settlements,
                                                            Instant now) {
  return guarded([&](sqlite::Database& database) {
    Outcomes outcomes;
    outcomes.reserve(appends.size());
    sqlite::Transaction transaction(database.connection);
    sqlite::KnownIds::Change change(database.known_ids);
    database.known_ids.index_some(count_entries(appends));
    sqlite::Appender appender(database);
    for (const AppendRequest& request : appends) outcomes.push_back(appender.append(request));
    appender.write();
    for (const Settlement& settlement : settlements) sqlite::settle(database, settlement, now);
    transaction.commit();
    change.keep();
    return outcomes;
  });
}

std::optional<StoreError> SqliteStore::why_not_append() {
  if (auto error = missing_file()) return error;
  return hold_reserve();
}

// What is written to a file that has no name is gone with the process.
std::optional<StoreError> SqliteStore::missing_file() const {
  if (identity_of(file_) == identity_) return std::nullopt;
  return StoreError{ErrorCode::StorageFailed,
                    file_.string() + " was taken away or replaced while the relay runs: put it" +
                        " back, or restart the relay to go on with what is there"};
}

// The queue itself may be what fills the disk: what was delivered since has left room in its file.
std::optional<StoreError> SqliteStore::hold_reserve() {
  auto error = reserve_.hold();
  if (!error || error->code != ErrorCode::StorageFull) return error;
  const auto shrunk = guarded([](sqlite::Database& database) {
    for (int step = 0; step < kShrinkSteps; ++step) database.connection.shrink(kShrinkPages);
    return true;
  });
  return shrunk.value ? reserve_.hold() : error;
}

// A checkpoint that fails costs no commit: the WAL holds everything. A full disk stops the appends,
// a disk error the whole store, and so the next calls tell what happened here.
void SqliteStore::checkpoint_when_due() {
  if (database_->connection.wal_pages() < tuning_.checkpoint_pages) return;
  const auto done = guarded([](sqlite::Database& database) {
    database.connection.checkpoint();
    return true;
  });
  if (!done.value && done.error.code == ErrorCode::StorageFull) reserve_.release();
}

StoreResult<bool> SqliteStore::lease(DestinationId destination, std::string_view owner, Instant now,
                                     Instant until) {
  const auto held = leases_.find(destination);
  const bool is_anothers =
      held != leases_.end() && held->second.owner != owner && held->second.until > now;
  if (!is_anothers) leases_[destination] = {std::string(owner), until};
  return {!is_anothers, {}};
}

StoreResult<std::vector<WaitingEntry>> SqliteStore::load(DestinationId destination, Key after_key,
                                                         std::size_t count_max) {
  return guarded([&](sqlite::Database& database) {
    return sqlite::load(database, destination, after_key, count_max);
  });
}

StoreResult<std::vector<Body>> SqliteStore::read(DestinationId destination,
                                                 std::span<const Key> keys) {
  return guarded(
      [&](sqlite::Database& database) { return sqlite::read(database, destination, keys); });
}

StoreResult<Ledger> SqliteStore::ledger(DestinationId destination) {
  return guarded([&](sqlite::Database& database) { return sqlite::ledger(database, destination); });
}

StoreResult<std::vector<DeadLetter>> SqliteStore::list(const DeadLetterFilter& filter,
                                                       std::size_t count_max) {
  return guarded([&](sqlite::Database& database) {
    return sqlite::list_dead_letters(database, filter, count_max);
  });
}

StoreResult<DeadLetterCount> SqliteStore::count(const DeadLetterFilter& filter) {
  return guarded(
      [&](sqlite::Database& database) { return sqlite::count_dead_letters(database, filter); });
}

StoreResult<std::vector<WholeDeadLetter>> SqliteStore::read(std::span<const DeadLetterId> ids) {
  return guarded(
      [&](sqlite::Database& database) { return sqlite::read_dead_letters(database, ids); });
}

StoreResult<Replay> SqliteStore::replay(const DeadLetterFilter& filter, std::size_t count_max,
                                        const Order& order) {
  return appended([&](sqlite::Database& database) {
    return sqlite::replay_dead_letters(database, filter, count_max, order);
  });
}

StoreResult<Mend> SqliteStore::mend(DeadLetterId dead_letter, const NewEntry& mended,
                                    const Order& order) {
  return appended([&](sqlite::Database& database) {
    return sqlite::mend_dead_letter(database, dead_letter, mended, order);
  });
}

StoreResult<Discard> SqliteStore::discard(const DeadLetterFilter& filter, std::size_t count_max,
                                          const Order& order) {
  return changed([&](sqlite::Database& database) {
    return sqlite::discard_dead_letters(database, filter, count_max, order);
  });
}

StoreResult<bool> SqliteStore::record(DestinationId destination, std::string_view what,
                                      const Order& order) {
  return changed([&](sqlite::Database& database) {
    sqlite::write_audit(database, {.what = what, .destination = destination}, order);
    return true;
  });
}

StoreResult<std::vector<AuditRecord>> SqliteStore::audit(std::int64_t after,
                                                         std::size_t count_max) {
  return guarded(
      [&](sqlite::Database& database) { return sqlite::read_audit(database, after, count_max); });
}

StoreResult<bool> SqliteStore::forget_delivered_ids(Instant now, std::size_t count_max) {
  return guarded([&](sqlite::Database& database) {
    return sqlite::forget_delivered_ids(database, now, count_max);
  });
}

}  // namespace waypost::relay
