#pragma once

#include <cstddef>
#include <cstdint>

// Every bound of Waypost, in one place, tied together where one depends on another.
namespace waypost::limits {

inline constexpr std::size_t kKiB = 1024;
inline constexpr std::size_t kMiB = 1024 * kKiB;

// JSON. Nesting beyond the hard depth ends the reading; between the two it is a violation of that
// one statement, so that it cannot take its neighbours with it.
inline constexpr std::size_t kJsonDepthMax = 64;
inline constexpr std::size_t kJsonDepthHardMax = 512;
inline constexpr std::size_t kStatementBytesMax = 256 * kKiB;
inline constexpr std::size_t kViolationsPerStatementMax = 32;
// Of a language tag, when a repeated one is looked for; no tag in use has half as many.
inline constexpr std::size_t kLanguageSubtagsComparedMax = 32;

// What a page says for all its events.
inline constexpr std::size_t kDefaultsBytesMax = 16 * kKiB;

// Requests to the relay. Web servers in front of it allow kWebServerBodyBytesMax.
inline constexpr std::size_t kPostEntriesMax = 100;
inline constexpr std::size_t kPostBytesMax = 512 * kKiB;
inline constexpr std::size_t kXapiStatementsMax = 1000;
inline constexpr std::size_t kXapiBytesMax = 4 * kMiB;
inline constexpr std::size_t kWebServerBodyBytesMax = 5 * kMiB;

// The HTTP edge. Bytes of bodies under way are counted over all connections.
inline constexpr std::size_t kConnectionsMax = 1024;
inline constexpr std::size_t kPrivateConnectionsMax = 64;
inline constexpr std::size_t kControlConnectionsMax = 16;
inline constexpr std::size_t kControlBodyBytesMax = 1 * kMiB;  // a statement in a JSON string fits
inline constexpr std::size_t kRequestHeadBytesMax = 16 * kKiB;
inline constexpr std::size_t kRequestTargetBytesMax = 4 * kKiB;
inline constexpr std::size_t kBodiesUnderWayBytesMax = 64 * kMiB;
inline constexpr std::int64_t kRequestHeadMaxMs = 10'000;
inline constexpr std::int64_t kRequestBodyStallMaxMs = 15'000;
inline constexpr std::int64_t kRequestBodyMaxMs = 60'000;
inline constexpr std::int64_t kResponseWriteMaxMs = 60'000;
inline constexpr std::int64_t kLingerMaxMs = 2'000;
inline constexpr std::size_t kLingerBytesMax = 1 * kMiB;
inline constexpr std::int64_t kKeepAliveIdleMs = 75'000;  // above the 60 s of web servers in front
inline constexpr std::int64_t kDrainMaxMs = 5'000;
inline constexpr std::size_t kNonceCharactersMin = 8;
inline constexpr std::size_t kNonceCharactersMax = 64;

// Batches to an LRS.
inline constexpr std::size_t kBatchCountMax = 100;
inline constexpr std::size_t kBatchBytesMax = 1 * kMiB;
inline constexpr std::int64_t kUpdateIntervalDefaultMs = 30'000;
inline constexpr std::int64_t kUpdateIntervalMaxMs = 24LL * 3600 * 1000;

// The tracker.
inline constexpr std::int64_t kTrackerIntervalDefaultMs = 5'000;
inline constexpr std::size_t kTrackerBatchCountSoon = 20;
inline constexpr std::size_t kTrackerQueueEntriesMax = 5'000;
inline constexpr std::size_t kTrackerQueueBytesMax = 10 * kMiB;
inline constexpr std::size_t kExitFlushBytesMax = 48 * kKiB;

// Retries.
inline constexpr std::int64_t kRelayBackoffBaseMs = 1'000;
inline constexpr std::int64_t kTrackerBackoffBaseMs = 2'000;
inline constexpr std::int64_t kBackoffMaxMs = 300'000;
inline constexpr std::int64_t kRetryAfterMaxMs = 3'600'000;
// All the pages of a school come back online in one moment.
inline constexpr std::int64_t kOnlineRetryWithinMs = 5'000;
// A blocked destination is asked this much more seldom.
inline constexpr std::int64_t kProbeBackoffFactor = 10;
inline constexpr std::int64_t kLoadRetryMs = 1'000;  // after the queue could not be read
// After so many failures in a row a single entry is tried, and batches grow again from there.
inline constexpr std::uint32_t kBreakerFailures = 5;
// After 429, at least so long from an answer to the next batch; doubled by each, halved by success.
inline constexpr std::int64_t kPaceMinMs = 1'000;
inline constexpr std::int64_t kPaceMaxMs = 60'000;
inline constexpr std::int64_t kLearnedBytesKeptMs = 24LL * 3600 * 1000;

// Isolation: what it takes to hold an entry for the reason of a failure.
inline constexpr std::uint32_t kBatchFailuresMax = 3;  // of a batch while others pass: it is halved
inline constexpr std::uint32_t kAloneFailuresMax = 8;  // of an entry alone: it is buried...
inline constexpr std::uint64_t kOthersStoredMin = 3;   // ...if so many others were stored meanwhile
inline constexpr std::uint32_t kAbsencesMax = 8;       // looked up and not found, after a conflict
inline constexpr std::size_t kMassRefusalMin = 10;  // refused alone in a row: suspect, bury no more
inline constexpr std::uint32_t kForbiddenInRowMax = 3;
// So many failures in a row, and it is taken for an outage, whatever passed before.
inline constexpr std::uint32_t kIsolationFailuresInRowMax = 10;

// Time. An offset of the page's clock below this is left alone.
inline constexpr std::int64_t kClockOffsetIgnoredMs = 2'000;
inline constexpr std::int64_t kDeliveredIdKeptMs = 35LL * 24 * 3600 * 1000;

// The relay's store. The reserve is disk space that only deliveries may use once the disk is full.
inline constexpr std::size_t kStoreReserveBytes = 16 * kMiB;
inline constexpr std::int64_t kStoreStalledAfterMs = 5'000;  // so long a commit: the disk hangs
inline constexpr std::size_t kCommitEntriesMax = 1000;
// Entries that lie together on disk. An entry that has more bytes lies alone.
inline constexpr std::size_t kSheafEntriesMax = 32;
inline constexpr std::size_t kSheafBytesMax = 32 * kKiB;
inline constexpr std::size_t kCommitBytesMax = 4 * kMiB;
// Of the statements of one organisation that wait, so that none can take the disk of the others.
inline constexpr std::int64_t kQueueBytesDefault = 8LL * 1024 * 1024 * 1024;
inline constexpr std::int64_t kQueueBytesMin = 16LL * 1024 * 1024;
inline constexpr std::int64_t kQueueBytesMax = 1024LL * 1024 * 1024 * 1024;
inline constexpr std::size_t kCommitQueueRequestsMax = 8192;
inline constexpr std::size_t kCommitQueueBytesMax = 32 * kMiB;
inline constexpr std::size_t kBurialWordsBytesMax = 2 * kKiB;
// What one request of the command line reads or changes at most.
inline constexpr std::size_t kDeadLettersListedMax = 100;
inline constexpr std::size_t kDeadLettersExportedMax = 16;
inline constexpr std::size_t kDeadLettersChangedMax = 100;

// Alerts to a human.
inline constexpr std::int64_t kOutageAlertAfterDefaultMs = 15LL * 60 * 1000;
inline constexpr std::int64_t kOutageAlertAfterMaxMs = 7LL * 24 * 3600 * 1000;
inline constexpr std::int64_t kOldestWaitingAlertDefaultMs = 6LL * 3600 * 1000;
inline constexpr std::int64_t kOldestWaitingAlertMinMs = 60LL * 1000;
inline constexpr std::int64_t kOldestWaitingAlertMaxMs = 30LL * 24 * 3600 * 1000;
inline constexpr std::int64_t kCertificateAlertBeforeMs = 14LL * 24 * 3600 * 1000;
inline constexpr std::int64_t kQueueFullAlertPercent = 90;
inline constexpr std::size_t kDiskFreeAlertPercent = 10;
inline constexpr std::size_t kDiskFreeAlertBytes = 512 * kMiB;
inline constexpr std::int64_t kAlertSampleIntervalMs = 30'000;
inline constexpr std::size_t kAlertAddressesMax = 20;

// The engine's window of entries in memory. The relay gives its destinations more while they are
// few: a queue is read once for each commit, so that a window bounds what leaves in that time.
inline constexpr std::size_t kEngineWindowDefault = 1000;
inline constexpr std::size_t kEngineWindowMax = 4000;
inline constexpr std::size_t kForwarderWindowsMax = 16'000;  // of all destinations together
inline constexpr std::size_t kEngineLoadRoomMin = 250;  // fewer free places are not worth a read

static_assert(kDefaultsBytesMax < kStatementBytesMax);
static_assert(kStatementBytesMax < kPostBytesMax, "one statement fits a /post request");
static_assert(kStatementBytesMax < kBatchBytesMax, "one statement fits a batch to an LRS");
static_assert(kPostBytesMax < kXapiBytesMax && kXapiBytesMax < kWebServerBodyBytesMax,
              "the web server in front lets every allowed request through");
static_assert(kPostEntriesMax <= kXapiStatementsMax);
static_assert(kRequestTargetBytesMax < kRequestHeadBytesMax);
static_assert(kXapiBytesMax < kBodiesUnderWayBytesMax);
static_assert(2 * kStatementBytesMax < kControlBodyBytesMax);
static_assert(kRequestBodyStallMaxMs < kRequestBodyMaxMs);
static_assert(kTrackerBatchCountSoon <= kPostEntriesMax);
static_assert(kExitFlushBytesMax <= 64 * kKiB, "all keepalive requests of a page share 64 KiB");
static_assert(kBatchCountMax <= kEngineWindowDefault, "a full batch fits the engine's window");
static_assert(kEngineLoadRoomMin < kEngineWindowDefault,
              "a window waiting for a load is not empty");
static_assert(kXapiStatementsMax <= kCommitEntriesMax && kXapiBytesMax <= kCommitBytesMax,
              "every request fits one commit");
static_assert(kCommitBytesMax <= kCommitQueueBytesMax);
static_assert(std::int64_t{kXapiBytesMax} <= kQueueBytesMin, "every request fits an empty queue");
static_assert(kQueueBytesMin <= kQueueBytesDefault && kQueueBytesDefault <= kQueueBytesMax);
static_assert(kBackoffMaxMs <= kRetryAfterMaxMs);
static_assert(kJsonDepthMax < kJsonDepthHardMax);

}  // namespace waypost::limits
