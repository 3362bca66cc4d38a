// What the store costs: CPU microseconds per entry (user and system, all threads), for groups of
// several shapes, each step by itself and then append and settle riding together.
//
//   store_bench FOLDER [IDS_KNOWN_BEFORE]

#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <functional>
#include <string>
#include <vector>

#include <sys/resource.h>

#include "proxy/store/sqlite_store.hpp"
#include "waypost/random.hpp"

namespace {

using namespace waypost;         // NOLINT(google-build-using-namespace): one program
using namespace waypost::relay;  // NOLINT(google-build-using-namespace)

constexpr std::size_t kBodyBytes = 1031;
constexpr std::size_t kSettledTogether = 100;
constexpr std::size_t kLoadedTogether = 1000;
constexpr Instant kNow{1'750'000'000'000};

double cpu_us() {
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  const auto us = [](const timeval& time) {
    return static_cast<double>(time.tv_sec) * 1e6 + static_cast<double>(time.tv_usec);
  };
  return us(usage.ru_utime) + us(usage.ru_stime);
}

double wall_us() {
  const auto now = std::chrono::steady_clock::now().time_since_epoch();
  return std::chrono::duration<double, std::micro>(now).count();
}

template <typename T>
T require(StoreResult<T> result) {
  if (!result.value) {
    std::fprintf(stderr, "%s\n", result.error.message.c_str());
    std::exit(1);
  }
  return std::move(*result.value);
}

struct Shape {
  const char* name;
  std::size_t requests;  // in a commit
  std::size_t entries;   // in a request
  std::size_t commits;
};

class Bench {
 public:
  Bench(Store& store, Shape shape, std::uint64_t seed)
      : store_(store), shape_(shape), random_(seed) {
    const std::vector<DestinationName> names{{"school", "https://lrs.example/xapi"}};
    ids_ = require(store.register_destinations(names)).at(0).ids;
  }

  void run() {
    const std::size_t count = shape_.requests * shape_.entries * shape_.commits;
    prepare();
    const double appended = cost([this] { append_all(false); });
    const double loaded = cost([this] { load_all(); });
    const double read = cost([this] { read_all(); });
    const double settled = cost([this] { settle_all(); });
    prepare();
    const double start = wall_us();
    const double together = cost([this] { append_all(true); });
    const double wall = wall_us() - start;
    const auto per_entry = [&](double us) { return us / static_cast<double>(count); };
    std::printf("%-24s %8.2f %8.2f %8.2f %8.2f %12.2f %12.0f\n", shape_.name, per_entry(appended),
                per_entry(loaded), per_entry(read), per_entry(settled), per_entry(together),
                static_cast<double>(count) / (wall / 1e6));
  }

  // Appends and settles without being measured, so that the tree of ids is as large as in use.
  void grow(std::size_t ids) {
    shape_.commits = 1;
    for (std::size_t done = 0; done < ids; done += shape_.requests * shape_.entries) {
      prepare();
      append_all(true);
    }
  }

 private:
  static double cost(const std::function<void()>& work) {
    const double before = cpu_us();
    work();
    return cpu_us() - before;
  }

  void prepare() {
    commits_.clear();
    keys_.clear();
    settled_ = 0;
    for (std::size_t i = 0; i < shape_.commits; ++i) {
      std::vector<AppendRequest>& requests = commits_.emplace_back();
      for (std::size_t j = 0; j < shape_.requests; ++j) {
        AppendRequest& request = requests.emplace_back();
        request.organisation = ids_.organisation;
        request.received = kNow;
        for (std::size_t k = 0; k < shape_.entries; ++k) request.entries.push_back(new_entry());
      }
    }
  }

  NewEntry new_entry() {
    NewEntry entry;
    for (auto& byte : entry.id.bytes) byte = static_cast<std::uint8_t>(random_.up_to(255));
    for (auto& byte : entry.fingerprint) byte = static_cast<std::uint8_t>(random_.up_to(255));
    for (auto& byte : entry.meaning) byte = static_cast<std::uint8_t>(random_.up_to(255));
    entry.lane = "6f3b1a0e-2a0f-4f6c-9b7d-0123456789ab";
    entry.bytes.assign(kBodyBytes, 'x');
    return entry;
  }

  void append_all(bool settle_too) {
    for (const std::vector<AppendRequest>& requests : commits_) {
      std::vector<Settlement> settlements;
      while (settle_too && keys_.size() - settled_ >= kSettledTogether) {
        settlements.push_back(next_settlement());
      }
      for (const auto& outcome : require(store_.commit(requests, settlements, kNow))) {
        keys_.insert(keys_.end(), outcome.value->keys.begin(), outcome.value->keys.end());
      }
    }
    if (settle_too) settle_all();
  }

  Settlement next_settlement() {
    const std::size_t last = std::min(keys_.size(), settled_ + kSettledTogether);
    Settlement made;
    made.destination = ids_.destination;
    for (; settled_ < last; ++settled_) made.delivered.push_back(keys_[settled_]);
    return made;
  }

  void load_all() {
    Key after = 0;
    for (;;) {
      const auto loaded = require(store_.load(ids_.destination, after, kLoadedTogether));
      if (loaded.empty()) return;
      after = loaded.back().key;
    }
  }

  void read_all() {
    for (std::size_t i = 0; i < keys_.size(); i += kSettledTogether) {
      const std::size_t count = std::min(kSettledTogether, keys_.size() - i);
      const std::span<const Key> some(keys_.data() + i, count);
      if (require(store_.read(ids_.destination, some)).size() != count) std::exit(1);
    }
  }

  void settle_all() {
    while (settled_ < keys_.size()) {
      const Settlement settlement = next_settlement();
      require(store_.commit({}, std::span(&settlement, 1), kNow));
    }
  }

  Store& store_;
  Shape shape_;
  Random random_;
  Destination ids_;
  std::vector<std::vector<AppendRequest>> commits_;
  std::vector<Key> keys_;
  std::size_t settled_ = 0;
};

}  // namespace

int main(int count, char** arguments) {
  if (count < 2) {
    std::fprintf(stderr, "usage: store_bench FOLDER [IDS_KNOWN_BEFORE]\n");
    return 2;
  }
  const std::filesystem::path folder = std::filesystem::path(arguments[1]) / "store_bench";
  std::filesystem::remove_all(folder);
  {
    const auto store = require(SqliteStore::create(folder));
    const std::size_t known = count > 2 ? std::strtoull(arguments[2], nullptr, 10) : 0;
    if (known > 0) Bench(*store, {"known before", 40, 50, 0}, 99).grow(known);
    std::printf("%-24s %8s %8s %8s %8s %12s %12s\n", "CPU us per entry", "append", "load", "read",
                "settle", "both riding", "entries/s");
    for (const Shape shape : {Shape{"1 single", 1, 1, 10'000}, Shape{"16 singles", 16, 1, 2'000},
                              Shape{"64 singles", 64, 1, 600}, Shape{"1 batch of 50", 1, 50, 800},
                              Shape{"16 batches of 50", 16, 50, 50}}) {
      Bench(*store, shape, shape.requests * shape.entries).run();
    }
  }
  std::filesystem::remove_all(folder);
  return 0;
}
