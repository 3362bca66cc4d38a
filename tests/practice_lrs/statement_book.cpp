#include "practice_lrs/statement_book.hpp"

#include <utility>

#include "waypost/limits.hpp"

namespace waypost::practice {
namespace {

constexpr std::size_t kBytesMax = 256 * limits::kMiB;

}  // namespace

StatementBook::StatementBook(const Options& options)
    : statements_max_(options.statements_max), file_(options.store_file) {
  file_.load([this](const Uuid& id, std::string text, Instant received) {
    if (find(id) == nullptr && has_room(1, text.size())) insert(id, std::move(text), received);
  });
}

const StoredStatement* StatementBook::find(const Uuid& id) const {
  const auto position = positions_.find(id);
  return position == positions_.end() ? nullptr : &statements_[position->second];
}

StoredStatement* StatementBook::at(const Uuid& id) {
  const auto position = positions_.find(id);
  return position == positions_.end() ? nullptr : &statements_[position->second];
}

bool StatementBook::has_room(std::size_t count, std::size_t bytes) const {
  return statements_.size() + count <= statements_max_ && bytes_ + bytes <= kBytesMax;
}

void StatementBook::insert(const Uuid& id, std::string text, Instant received) {
  bytes_ += text.size();
  positions_.emplace(id, statements_.size());
  StoredStatement statement;
  statement.sequence = next_sequence_++;
  statement.id = id;
  statement.text = std::move(text);
  statement.received = received;
  statement.last_sent = received;
  statements_.push_back(std::move(statement));
}

void StatementBook::add(const Uuid& id, std::string text, Instant now) {
  file_.append(id, text, now);
  insert(id, std::move(text), now);
}

void StatementBook::repeated(const Uuid& id, std::string_view text, Instant now) {
  StoredStatement* known = at(id);
  if (known == nullptr) return;
  ++known->sent;
  if (known->text != text) ++known->sent_differently;
  known->last_sent = now;
}

void StatementBook::mark_voided(const Uuid& id) {
  StoredStatement* known = at(id);
  if (known != nullptr) known->voided = true;
}

void StatementBook::flush() {
  file_.flush();
}

void StatementBook::clear() {
  statements_.clear();
  positions_.clear();
  bytes_ = 0;
  file_.clear();
}

}  // namespace waypost::practice
