#pragma once

#include <string_view>

#include "waypost/statement/validate.hpp"

// The formats of strings in statements. Each takes decoded, well-formed UTF-8 and knows nothing of
// JSON. Empty strings have no format.
namespace waypost::statement {

// xAPI 1.0.3: a calendar date of ISO 8601:2004, basic or extended, alone or with a time of the day
// and an optional zone (xAPI-Data 1.0.3 section 4.5). xAPI 2.0: RFC 3339 (section 4.2.7). In both,
// zones of minus zero are refused.
bool is_timestamp(std::string_view text, Version version);

// ISO 8601:2004 section 4.4.3.2; never the date-like form of 4.4.3.3 (xAPI-Data 1.0.3 section 4.6).
bool is_duration(std::string_view text);

// RFC 5646: the grammar (section 2.1), and no variant or extension twice (2.2.5, 2.2.6); not the
// registry.
bool is_language_tag(std::string_view text);

// The IRI of RFC 3987 section 2.2, with its scheme.
bool is_iri(std::string_view text);

// An IRI that is all ASCII: the URI of RFC 3986.
bool is_uri(std::string_view text);

// "mailto:" and one address (RFC 5322 section 3.4.1), or its characters percent-encoded (RFC 6068);
// non-ASCII characters allowed as in any IRI.
bool is_mailbox(std::string_view text);

// A media type of RFC 2046 with its parameters, in the grammar of RFC 9110 section 8.3.1.
bool is_media_type(std::string_view text);

// The hexadecimal digits of a SHA-1.
bool is_sha1(std::string_view text);

// The hexadecimal digits of one of the SHA-2 family: 224, 256, 384 or 512 bits.
bool is_sha2(std::string_view text);

// What `version` of a statement may say: "1.0", "1.0.x", and "2.0.x" in xAPI 2.0 (xAPI-Data 1.0.3
// section 2.4.10).
bool is_statement_version(std::string_view text, Version version);

}  // namespace waypost::statement
