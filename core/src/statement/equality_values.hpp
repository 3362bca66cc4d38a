#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

// Single values whose spelling may differ in equal statements. All take decoded strings.
namespace waypost::statement {

// Case does not count in the domain of an e-mail address (xAPI-Data 1.0.3 section 2.3.1).
std::string comparable_mailto(std::string_view iri);

// A duration is a string (xAPI-Data 1.0.3 section 2.3.1), cut to hundredths of a second (4.6).
std::string comparable_duration(std::string_view duration);

// Milliseconds since 1970 of "YYYY-MM-DDTHH:MM[:SS[.fff]]" with an offset, cut to milliseconds
// (xAPI-Data 1.0.3 section 4.5); nothing for any other form of ISO 8601.
std::optional<std::int64_t> instant_of(std::string_view timestamp);

}  // namespace waypost::statement
