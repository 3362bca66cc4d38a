#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <toml++/toml.h>

#include "proxy/configuration/configuration.hpp"

namespace waypost::relay {

// Problems of one file as they are found.
class Problems {
 public:
  explicit Problems(std::string file) : file_(std::move(file)) {}

  void add(const toml::source_region& where, std::string message);

  bool empty() const { return problems_.empty(); }

  // In order of lines.
  std::vector<Problem> take();

 private:
  std::string file_;
  std::vector<Problem> problems_;
};

// One value with its place in the file.
template <typename T>
struct Placed {
  T value;
  toml::source_region where;
};

// One table of the file: gives its settings by name and type, notes what is wrong with them, and
// refuses those that nobody asked for.
class SettingsTable {
 public:
  // `name` as it stands in the file, such as "[listen]".
  SettingsTable(const toml::table& table, std::string name, Problems& problems);

  // Absent or of the wrong type (which is noted): nothing. `example` shows what to write.
  std::optional<Placed<std::string>> text(std::string_view key, std::string_view example);
  std::optional<Placed<std::string>> required_text(std::string_view key, std::string_view example);
  std::optional<std::int64_t> whole_number(std::string_view key, std::int64_t min,
                                           std::int64_t max);
  std::vector<Placed<std::string>> texts(std::string_view key, std::string_view example);
  std::vector<Placed<std::string>> required_texts(std::string_view key, std::string_view example);
  const toml::table* table(std::string_view key);
  // An array of tables, [[key]].
  std::vector<const toml::table*> required_tables(std::string_view key);

  const toml::source_region& where() const { return table_.source(); }

  // After all settings were asked for: what else stands there is unknown.
  void refuse_others();

 private:
  const toml::node* find(std::string_view key);
  void missing(std::string_view key, std::string_view example);

  const toml::table& table_;
  std::string name_;
  Problems& problems_;
  std::vector<std::string_view> known_;
};

// The known word nearest to a misspelt one, if any is near.
std::optional<std::string_view> nearest(std::string_view word,
                                        const std::vector<std::string_view>& known);

}  // namespace waypost::relay
