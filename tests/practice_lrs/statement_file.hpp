#pragma once

#include <fstream>
#include <functional>
#include <string>

#include "waypost/time.hpp"
#include "waypost/uuid.hpp"

namespace waypost::practice {

// Statements in a file that is only appended to: one line of JSON each, with the statement's text
// as a string, so that its bytes come back as they were. Does nothing without a path. Errors of the
// file are std::runtime_error.
class StatementFile {
 public:
  explicit StatementFile(std::string path);

  using Found = std::function<void(const Uuid& id, std::string text, Instant received)>;

  // Calls `found` for every line; cuts off a last line that a crash left half written.
  void load(const Found& found);

  void append(const Uuid& id, const std::string& text, Instant received);
  void flush();
  void clear();

 private:
  void open(std::ios::openmode mode);

  std::string path_;
  std::ofstream file_;
};

}  // namespace waypost::practice
