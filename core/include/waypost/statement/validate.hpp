#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "waypost/json/reader.hpp"
#include "waypost/statement/violation.hpp"

// The rules of xAPI statements (xAPI-Data 1.0.3 section 2; IEEE 9274.1.1 section 4.2), applied
// while the text is read once; no tree is built.
namespace waypost::statement {

enum class Version : std::uint8_t { V1_0_3, V2_0_0 };

// What is asked of a statement besides the rules of its version.
struct Rules {
  Version version = Version::V1_0_3;
  // The actor may be absent: the relay will stamp it and check again.
  bool unstamped = false;
  // The statement travels as application/json: every attachment needs its fileUrl
  // (xAPI-Communication 1.0.3 section 1.5.1).
  bool json_only = false;
};

// Bytes [begin, end) of the text that was read.
struct Span {
  std::size_t begin = 0;
  std::size_t end = 0;

  bool present() const { return end != 0; }

  std::string_view of(std::string_view text) const { return text.substr(begin, end - begin); }
};

// A member of an object: its key and its value, quotes included.
struct Member {
  Span key;
  Span value;

  bool present() const { return value.present(); }
};

// Where a relay finds what it reads and stamps. Positions are in the reader's text, so for a
// statement inside an array they count from the start of the whole text.
struct Outline {
  Span whole;
  Member id;
  Member actor;
  Member verb_id;    // verb.id
  Member object_id;  // object.id
  Member timestamp;
  Member stored;
  Member authority;
  Member version;
  Member context;
  Member registration;            // context.registration
  Member context_extensions;      // context.extensions
  bool signed_statement = false;  // an attachment is a signature (xAPI-Data 1.0.3 section 2.6)
};

struct Validation {
  Outline outline;
  std::vector<Violation> violations;  // at most limits::kViolationsPerStatementMax

  bool valid() const { return violations.empty(); }
};

// Reads the one value that begins with `first`, which `reader` gave last, and leaves the reader
// behind it. Flaws of JSON that end the reading (see json::FlawKind) stay in reader.error() and are
// also the last violation. Flaws that do not, noted before `first`, are not this statement's and
// are forgotten: a caller that minds those of its envelope takes them before.
Validation validate_value(json::Reader& reader, json::Token first, const Rules& rules);

// Reads a text that is one statement and nothing more.
Validation validate(std::string_view text, const Rules& rules);

// The violation that a flaw of JSON is: json.syntax, json.duplicate-key, json.depth, ...
Violation violation_of(const json::Flaw& flaw);

// A statement or an array of statements, as the body of POST statements is (xAPI-Communication
// 1.0.3 section 2.1.2). Read in one pass.
struct ListValidation {
  std::optional<Violation> malformed;  // not JSON, no statement at all, or more than count_max
  bool is_array = false;
  std::vector<Validation> statements;  // those read before the text turned out malformed
};

ListValidation validate_list(std::string_view text, const Rules& rules, std::size_t count_max);

}  // namespace waypost::statement
