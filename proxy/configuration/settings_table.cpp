#include "proxy/configuration/settings_table.hpp"

#include <algorithm>
#include <numeric>
#include <tuple>
#include <utility>

namespace waypost::relay {
namespace {

constexpr std::size_t kNearDistance = 3;
constexpr std::size_t kWordLengthMax = 64;

// How many letters must be changed, added or left out to come from one word to the other.
std::size_t edit_distance(std::string_view from, std::string_view to) {
  std::vector<std::size_t> row(to.size() + 1);
  std::iota(row.begin(), row.end(), std::size_t{0});
  for (std::size_t i = 0; i < from.size(); ++i) {
    std::size_t diagonal = row[0];
    row[0] = i + 1;
    for (std::size_t j = 0; j < to.size(); ++j) {
      const std::size_t above = row[j + 1];
      const std::size_t changed = diagonal + (from[i] == to[j] ? 0 : 1);
      row[j + 1] = std::min({changed, above + 1, row[j] + 1});
      diagonal = above;
    }
  }
  return row.back();
}

std::string_view type_word(const toml::node& node) {
  switch (node.type()) {
    case toml::node_type::table: return "a table";
    case toml::node_type::array: return "an array";
    case toml::node_type::string: return "a string";
    case toml::node_type::integer: return "a whole number";
    case toml::node_type::floating_point: return "a number with a fraction";
    case toml::node_type::boolean: return "true or false";
    case toml::node_type::date:
    case toml::node_type::time:
    case toml::node_type::date_time: return "a date or time";
    case toml::node_type::none: break;
  }
  return "nothing";
}

std::string quoted(std::string_view key) {
  return '"' + std::string(key) + '"';
}

std::string instead(std::string_view key, const toml::node& node, std::string_view example) {
  return quoted(key) + " is " + std::string(type_word(node)) + "; write " + std::string(key) +
         " = " + std::string(example);
}

}  // namespace

void Problems::add(const toml::source_region& where, std::string message) {
  problems_.push_back({file_, where.begin.line, where.begin.column, std::move(message)});
}

std::vector<Problem> Problems::take() {
  std::stable_sort(problems_.begin(), problems_.end(), [](const Problem& a, const Problem& b) {
    return std::tie(a.line, a.column) < std::tie(b.line, b.column);
  });
  return std::move(problems_);
}

std::optional<std::string_view> nearest(std::string_view word,
                                        const std::vector<std::string_view>& known) {
  if (word.size() > kWordLengthMax) return std::nullopt;
  std::optional<std::string_view> best;
  std::size_t best_distance = kNearDistance + 1;
  for (const std::string_view candidate : known) {
    const std::size_t distance = edit_distance(word, candidate);
    if (distance >= best_distance || distance >= candidate.size()) continue;
    best = candidate;
    best_distance = distance;
  }
  return best;
}

SettingsTable::SettingsTable(const toml::table& table, std::string name, Problems& problems)
    : table_(table), name_(std::move(name)), problems_(problems) {}

const toml::node* SettingsTable::find(std::string_view key) {
  known_.push_back(key);
  return table_.get(key);
}

void SettingsTable::missing(std::string_view key, std::string_view example) {
  problems_.add(table_.source(), quoted(key) + " is missing in " + name_ + "; write " +
                                     std::string(key) + " = " + std::string(example));
}

std::optional<Placed<std::string>> SettingsTable::text(std::string_view key,
                                                       std::string_view example) {
  const toml::node* node = find(key);
  if (node == nullptr) return std::nullopt;
  if (const auto* string = node->as_string()) return Placed<std::string>{**string, node->source()};
  problems_.add(node->source(), instead(key, *node, example));
  return std::nullopt;
}

std::optional<Placed<std::string>> SettingsTable::required_text(std::string_view key,
                                                                std::string_view example) {
  if (table_.get(key) == nullptr) missing(key, example);
  return text(key, example);
}

std::optional<std::int64_t> SettingsTable::whole_number(std::string_view key, std::int64_t min,
                                                        std::int64_t max) {
  const toml::node* node = find(key);
  if (node == nullptr) return std::nullopt;
  const auto* number = node->as_integer();
  if (number == nullptr) {
    problems_.add(node->source(), quoted(key) + " is " + std::string(type_word(*node)) +
                                      "; write a whole number from " + std::to_string(min) +
                                      " to " + std::to_string(max));
    return std::nullopt;
  }
  if (**number < min || **number > max) {
    problems_.add(node->source(), quoted(key) + " is " + std::to_string(**number) +
                                      "; it may be from " + std::to_string(min) + " to " +
                                      std::to_string(max));
    return std::nullopt;
  }
  return **number;
}

std::vector<Placed<std::string>> SettingsTable::required_texts(std::string_view key,
                                                               std::string_view example) {
  if (table_.get(key) == nullptr) missing(key, example);
  return texts(key, example);
}

std::vector<Placed<std::string>> SettingsTable::texts(std::string_view key,
                                                      std::string_view example) {
  std::vector<Placed<std::string>> texts;
  const toml::node* node = find(key);
  if (node == nullptr) return texts;
  const toml::array* array = node->as_array();
  if (array == nullptr) {
    problems_.add(node->source(), instead(key, *node, example));
    return texts;
  }
  if (array->empty()) {
    problems_.add(node->source(), quoted(key) + " is empty; write " + std::string(key) + " = " +
                                      std::string(example));
  }
  for (const toml::node& element : *array) {
    if (const auto* string = element.as_string()) {
      texts.push_back({**string, element.source()});
    } else {
      problems_.add(element.source(), instead(key, element, example));
    }
  }
  return texts;
}

const toml::table* SettingsTable::table(std::string_view key) {
  const toml::node* node = find(key);
  if (node == nullptr) return nullptr;
  if (const toml::table* found = node->as_table()) return found;
  problems_.add(node->source(), quoted(key) + " is " + std::string(type_word(*node)) +
                                    "; write a table [" + std::string(key) + "]");
  return nullptr;
}

std::vector<const toml::table*> SettingsTable::required_tables(std::string_view key) {
  std::vector<const toml::table*> tables;
  const toml::node* node = find(key);
  std::string header = name_;
  std::erase_if(header, [](char c) { return c == '[' || c == ']'; });
  header += (header.empty() ? "" : ".") + std::string(key);
  if (node == nullptr) {
    problems_.add(table_.source(), "there is no [[" + header + "]]; write at least one");
    return tables;
  }
  const toml::array* array = node->as_array();
  if (array == nullptr || !array->is_array_of_tables()) {
    problems_.add(node->source(), quoted(key) + " is " + std::string(type_word(*node)) +
                                      "; write it as [[" + header + "]], in double brackets");
    return tables;
  }
  for (const toml::node& element : *array) tables.push_back(element.as_table());
  return tables;
}

void SettingsTable::refuse_others() {
  for (const auto& [key, node] : table_) {
    if (std::find(known_.begin(), known_.end(), key.str()) != known_.end()) continue;
    std::string message = "unknown setting " + quoted(key.str());
    if (!name_.empty()) message += " in " + name_;
    if (const auto near = nearest(key.str(), known_)) {
      message += "; did you mean " + quoted(*near) + "?";
    } else {
      message += "; the settings here are ";
      for (const std::string_view known : known_) {
        if (known != known_.front()) message += ", ";
        message += known;
      }
    }
    problems_.add(key.source(), std::move(message));
  }
}

}  // namespace waypost::relay
