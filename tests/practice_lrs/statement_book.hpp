#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <map>
#include <string>
#include <string_view>

#include "practice_lrs/options.hpp"
#include "practice_lrs/statement_file.hpp"
#include "waypost/time.hpp"
#include "waypost/uuid.hpp"

namespace waypost::practice {

struct StoredStatement {
  std::uint64_t sequence = 0;  // 1, 2, 3, ... in order of arrival
  Uuid id;
  std::string text;  // the bytes that arrived
  Instant received;
  Instant last_sent;
  std::uint64_t sent = 1;              // how often this id arrived
  std::uint64_t sent_differently = 0;  // of these: with other bytes than the first time
  bool voided = false;
};

// What the LRS holds, in memory and, where there is a file, in it too.
class StatementBook {
 public:
  explicit StatementBook(const Options& options);

  const StoredStatement* find(const Uuid& id) const;

  // In order of arrival.
  const std::deque<StoredStatement>& all() const { return statements_; }

  // Whether this many more fit.
  bool has_room(std::size_t count, std::size_t bytes) const;

  // `id` must be new and there must be room.
  void add(const Uuid& id, std::string text, Instant now);

  // An id that is known arrived again.
  void repeated(const Uuid& id, std::string_view text, Instant now);

  void mark_voided(const Uuid& id);

  // On the file too, when it returns.
  void flush();

  void clear();

 private:
  StoredStatement* at(const Uuid& id);
  void insert(const Uuid& id, std::string text, Instant received);

  std::size_t statements_max_;
  std::size_t bytes_ = 0;
  std::deque<StoredStatement> statements_;
  std::map<Uuid, std::size_t> positions_;
  std::uint64_t next_sequence_ = 1;
  StatementFile file_;
};

}  // namespace waypost::practice
