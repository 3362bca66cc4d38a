#pragma once

#include <initializer_list>
#include <string>
#include <string_view>

#include "waypost/json/reader.hpp"

// The words of violations.
namespace waypost::statement {

std::string joined(std::initializer_list<std::string_view> parts);

// A piece of someone's statement for use in a message: in quotes, shortened, on one line.
std::string shown(std::string_view text);

// "a string", "an object", ...
std::string_view words_for(json::TokenKind kind);

}  // namespace waypost::statement
