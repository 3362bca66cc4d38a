#pragma once

#include <string>

#include "proxy/alerts/alert.hpp"

namespace waypost::relay {

// An alert in words: what happened, since when, what it means for the data, what to do. ASCII, and
// no line holds a control character.
struct AlertMessage {
  std::string subject;  // "first-aid: blocked: the LRS refuses the key"; one line
  std::string text;     // paragraphs of lines, each ended by "\n"
  std::string json;     // one object, as docs/operators.md describes it
};

AlertMessage message_of(const AlertNotice& notice);

// "2026-11-23 11:24 UTC"
std::string readable_time(Instant at);

}  // namespace waypost::relay
