#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "proxy/http/listen_address.hpp"

// Checks of the addresses that a configuration holds.
namespace waypost::relay {

// What is wrong with the URL of an LRS, in words that follow "url "; nothing if it is right.
std::optional<std::string> flaw_of_lrs_url(const std::string& text);

// Likewise for a webhook's; it may have a query, and no user name or password.
std::optional<std::string> flaw_of_webhook_url(const std::string& text);

// Likewise for a mail server's: smtp or smtps, a host, perhaps a port, and nothing else.
std::optional<std::string> flaw_of_smtp_url(const std::string& text);

// Whether both are one LRS: the slash at the end may be left out.
bool is_same_endpoint(std::string_view left, std::string_view right);

// Whether the host of a URL is this machine itself.
bool is_loopback_url(const std::string& text);

// "admin@example.org": nothing quoted, no name beside it, nothing that SMTP could misread.
bool is_mail_address(std::string_view text);

// Not empty, and without control characters.
bool is_one_plain_line(std::string_view text);

// What is wrong with an origin, likewise: it must be written just as browsers send it (RFC 6454
// section 6.2).
std::optional<std::string> flaw_of_origin(const std::string& text);

// "127.0.0.1:8800", "[::1]:8800", "localhost:8800"; nothing for anything else.
std::optional<ListenAddress> parse_listen_address(std::string_view text);

}  // namespace waypost::relay
