#pragma once

#include <filesystem>
#include <map>
#include <memory>
#include <utility>

#include "proxy/store/dead_letters.hpp"
#include "proxy/store/file_identity.hpp"
#include "proxy/store/space_reserve.hpp"
#include "proxy/store/sqlite_tuning.hpp"
#include "proxy/store/store.hpp"

namespace waypost::relay {

namespace sqlite {
struct Database;
}

// The store in one SQLite file, <folder>/queue.sqlite: schema and states in docs/queue_format.md.
// One thread at a time. The file stays locked against every other process while this lives.
class SqliteStore final : public Store, private DeadLetters {
 public:
  // Makes folder (0700) and file (0600) where there are none, brings an older schema forward.
  // Refused while another relay uses the folder.
  static StoreResult<std::unique_ptr<SqliteStore>> create(const std::filesystem::path& folder,
                                                          const SqliteTuning& tuning = {});

  ~SqliteStore() override;

  StoreResult<std::vector<RegisteredDestination>> register_destinations(
      std::span<const DestinationName> names) override;
  StoreResult<std::vector<RegisteredDestination>> change_destinations(
      std::span<const RunningDestination> running, std::span<const DestinationName> names) override;
  StoreResult<std::int64_t> release(DestinationId destination, const Order& order) override;
  StoreResult<std::vector<StoreResult<AppendOutcome>>> commit(
      std::span<const AppendRequest> appends, std::span<const Settlement> settlements,
      Instant now) override;
  StoreResult<bool> lease(DestinationId destination, std::string_view owner, Instant now,
                          Instant until) override;
  StoreResult<std::vector<WaitingEntry>> load(DestinationId destination, Key after_key,
                                              std::size_t count_max) override;
  StoreResult<std::vector<Body>> read(DestinationId destination,
                                      std::span<const Key> keys) override;
  StoreResult<Ledger> ledger(DestinationId destination) override;

  DeadLetters& dead_letters() override { return *this; }

  StoreResult<bool> forget_delivered_ids(Instant now, std::size_t count_max) override;

 private:
  struct Lease {
    std::string owner;
    Instant until;
  };

  StoreResult<std::vector<DeadLetter>> list(const DeadLetterFilter& filter,
                                            std::size_t count_max) override;
  StoreResult<DeadLetterCount> count(const DeadLetterFilter& filter) override;
  StoreResult<std::vector<WholeDeadLetter>> read(std::span<const DeadLetterId> ids) override;
  StoreResult<Replay> replay(const DeadLetterFilter& filter, std::size_t count_max,
                             const Order& order) override;
  StoreResult<Mend> mend(DeadLetterId dead_letter, const NewEntry& mended,
                         const Order& order) override;
  StoreResult<Discard> discard(const DeadLetterFilter& filter, std::size_t count_max,
                               const Order& order) override;
  StoreResult<bool> record(DestinationId destination, std::string_view what,
                           const Order& order) override;
  StoreResult<std::vector<AuditRecord>> audit(std::int64_t after, std::size_t count_max) override;

  using Outcomes = std::vector<StoreResult<AppendOutcome>>;

  SqliteStore(const std::filesystem::path& folder, const SqliteTuning& tuning);

  // Runs the work on the database, opened again if a disk error had closed it. No exception passes.
  template <typename Work>
  auto guarded(Work work) -> StoreResult<decltype(work(std::declval<sqlite::Database&>()))>;

  // The work in one transaction. Where it makes no room in the end (it appends), not on a full
  // disk.
  template <typename Work>
  auto changed(Work work) -> StoreResult<decltype(work(std::declval<sqlite::Database&>()))>;
  template <typename Work>
  auto appended(Work work) -> StoreResult<decltype(work(std::declval<sqlite::Database&>()))>;

  StoreResult<Outcomes> commit_once(std::span<const AppendRequest> appends,
                                    std::span<const Settlement> settlements, Instant now);
  std::optional<StoreError> why_not_append();
  std::optional<StoreError> missing_file() const;
  std::optional<StoreError> hold_reserve();
  void checkpoint_when_due();

  SqliteTuning tuning_;
  std::filesystem::path file_;
  SpaceReserve reserve_;
  std::optional<FileIdentity> identity_;        // of the file that was opened first
  std::unique_ptr<sqlite::Database> database_;  // null from a disk error until it is opened again
  // Nobody else can open the file, so a lease need not outlive the process.
  std::map<DestinationId, Lease> leases_;
};

}  // namespace waypost::relay
