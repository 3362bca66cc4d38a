#include "proxy/command_line/validate.hpp"

#include <string>
#include <string_view>

#include "proxy/command_line/statement_stream.hpp"
#include "waypost/json/reader.hpp"
#include "waypost/statement/violation_json.hpp"

namespace waypost::relay {
namespace {

using json::TokenKind;
using statement::Validation;
using statement::Violation;

// Whether the text is one JSON value and nothing more.
bool is_one_value(std::string_view text) {
  json::Reader reader(text);
  reader.skip(reader.next());
  return !reader.error() && reader.next().kind == TokenKind::End;
}

std::string_view first_line(std::string_view text) {
  return text.substr(0, text.find('\n'));
}

class StatementsValidator {
 public:
  StatementsValidator(std::istream& input, statement::Version version, std::FILE* output)
      : window_(input), output_(output) {
    rules_.version = version;
  }

  // What is wrong with reading or writing; empty if nothing is.
  std::string run() {
    window_.take_white_space();
    if (window_.ahead().empty() && !window_.failed()) return "there is no statement to read";
    if (window_.ahead().substr(0, 1) == "[") {
      run_array();
    } else if (is_one_a_line()) {
      run_lines();
    } else {
      run_single();
    }
    if (window_.failed()) return "the input cannot be read to its end";
    if (std::fflush(output_) != 0 || std::ferror(output_) != 0)
      return "the output cannot be written";
    return {};
  }

  bool all_valid() const { return all_valid_; }

 private:
  // A statement may be spread over lines, or each line be one. The first line decides; where it is
  // whole, or broken beside a whole second one, lines are meant.
  bool is_one_a_line() const {
    const std::string_view text = window_.ahead();
    const std::string_view first = first_line(text);
    if (first.size() == text.size()) return false;
    if (is_one_value(first)) return true;
    const std::string_view second = first_line(text.substr(first.size() + 1));
    return second.substr(0, 1) == "{" && is_one_value(second);
  }

  void run_single() {
    if (!window_.is_last()) return too_large();
    print(statement::validate(window_.ahead(), rules_));
  }

  void run_lines() {
    for (window_.take_white_space(); !window_.ahead().empty(); window_.take_white_space()) {
      const std::string_view line = first_line(window_.ahead());
      if (line.size() == window_.ahead().size() && !window_.is_last()) {
        too_large();
      } else {
        print(statement::validate(line, rules_));
      }
      window_.take_line();
    }
  }

  // The array's own brackets and commas are read here, each statement by the reader.
  void run_array() {
    window_.take(1);
    window_.take_white_space();
    if (window_.ahead().substr(0, 1) == "]") {
      window_.take(1);
    } else {
      while (run_element() && run_separator()) {
      }
    }
    window_.take_white_space();
    if (!ended_ && !window_.ahead().empty()) malformed("Nothing may follow the array.");
  }

  bool run_element() {
    window_.take_white_space();
    json::Reader reader(window_.ahead());
    const Validation validation = statement::validate_value(reader, reader.next(), rules_);
    if (reader.error()) {
      ended_ = true;  // where the next statement begins cannot be known
      const bool cut = !window_.is_last() && reader.error()->offset > limits::kStatementBytesMax;
      cut ? too_large() : print(validation);
      return false;
    }
    print(validation);
    window_.take(validation.outline.whole.end);
    return true;
  }

  bool run_separator() {
    window_.take_white_space();
    const std::string_view separator = window_.ahead().substr(0, 1);
    window_.take(1);
    if (separator == ",") return true;
    if (separator != "]") malformed("Put a comma between statements, and ] behind the last.");
    return false;
  }

  void malformed(std::string message) {
    ended_ = true;
    print_one({"", "json.syntax", std::move(message)});
  }

  void too_large() {
    print_one({"", "statement.too-large",
               "Make the statement smaller: it has more than the " +
                   std::to_string(limits::kStatementBytesMax) + " bytes that are allowed."});
  }

  void print_one(Violation violation) {
    Validation validation;
    validation.violations.push_back(std::move(violation));
    print(validation);
  }

  void print(const Validation& validation) {
    line_ = R"({"index":)" + std::to_string(index_++);
    line_ +=
        validation.valid() ? R"(,"valid":true,"violations":)" : R"(,"valid":false,"violations":)";
    statement::append_json(line_, validation.violations);
    line_ += "}\n";
    all_valid_ = all_valid_ && validation.valid();
    std::fwrite(line_.data(), 1, line_.size(), output_);
  }

  InputWindow window_;
  std::FILE* output_;
  statement::Rules rules_;
  std::string line_;
  std::size_t index_ = 0;
  bool all_valid_ = true;
  bool ended_ = false;
};

}  // namespace

ValidateResult validate_statements(std::istream& input, statement::Version version,
                                   std::FILE* output, std::FILE* complaints) {
  StatementsValidator validator(input, version, output);
  const std::string trouble = validator.run();
  if (!trouble.empty()) {
    std::fprintf(complaints, "waypost-relay: %s\n", trouble.c_str());
    return ValidateResult::Unreadable;
  }
  return validator.all_valid() ? ValidateResult::AllValid : ValidateResult::SomeInvalid;
}

}  // namespace waypost::relay
