#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace waypost::relay {

// Resolves %XX (RFC 3986 section 2.1); nothing where an escape is malformed or stands for a
// control character or a slash.
std::optional<std::string> percent_decoded(std::string_view text);

// The path of a request target, in origin form or absolute form (RFC 9112 section 3.2), decoded,
// without a slash at its end. Nothing for every other form.
std::optional<std::string> normal_path(std::string_view path);

// The parameters of a query, decoded, in order; nothing where an escape is malformed.
std::optional<std::vector<std::pair<std::string, std::string>>> query_parameters(
    std::string_view query);

}  // namespace waypost::relay
