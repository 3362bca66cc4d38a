#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "proxy/http/listen_address.hpp"

// Checks of the addresses that a configuration holds.
namespace waypost::relay {

// What is wrong with the URL of an LRS, in words that follow "url "; nothing if it is right.
std::optional<std::string> flaw_of_lrs_url(const std::string& text);

// Likewise for an origin, which must be written just as browsers send it (RFC 6454 section 6.2).
std::optional<std::string> flaw_of_origin(const std::string& text);

// "127.0.0.1:8800", "[::1]:8800", "localhost:8800"; nothing for anything else.
std::optional<ListenAddress> parse_listen_address(std::string_view text);

}  // namespace waypost::relay
