#include "practice_lrs/statement_file.hpp"

#include <cstdint>
#include <filesystem>
#include <iostream>
#include <stdexcept>
#include <utility>

#include <nlohmann/json.hpp>

namespace waypost::practice {

using nlohmann::json;

StatementFile::StatementFile(std::string path) : path_(std::move(path)) {}

void StatementFile::open(std::ios::openmode mode) {
  file_.close();
  file_.clear();
  file_.open(path_, mode | std::ios::binary);
  if (!file_) throw std::runtime_error("cannot write the store file " + path_);
}

void StatementFile::load(const Found& found) {
  if (path_.empty()) return;
  std::uintmax_t good_bytes = 0;
  {
    std::ifstream input(path_, std::ios::binary);
    std::string line;
    while (std::getline(input, line) && !input.eof()) {
      const json record = json::parse(line, nullptr, false);
      if (!record.is_object()) break;
      const auto id = Uuid::parse(record.value("id", ""));
      if (!id) break;
      found(*id, record.value("text", ""), Instant{record.value("received_ms", std::int64_t{0})});
      good_bytes += line.size() + 1;
    }
  }
  std::error_code failed;
  const auto size = std::filesystem::file_size(path_, failed);
  if (!failed && size > good_bytes) {
    std::cerr << path_ << ": leaves out " << size - good_bytes << " damaged bytes at the end\n";
    std::filesystem::resize_file(path_, good_bytes);
  }
  open(std::ios::app);
}

void StatementFile::append(const Uuid& id, const std::string& text, Instant received) {
  if (path_.empty()) return;
  file_ << json{{"id", id.text()}, {"received_ms", received.ms}, {"text", text}}.dump() << '\n';
}

void StatementFile::flush() {
  if (path_.empty()) return;
  file_.flush();
  if (!file_) throw std::runtime_error("cannot write the store file " + path_);
}

void StatementFile::clear() {
  if (!path_.empty()) open(std::ios::trunc);
}

}  // namespace waypost::practice
