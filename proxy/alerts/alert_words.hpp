#pragma once

#include <string>

#include "proxy/alerts/alert.hpp"

namespace waypost::relay {

// The sentences of one alert, in the words of its kind.
struct AlertWords {
  std::string headline;   // "the LRS refuses the key": follows the kind in a subject
  std::string happened;   // what is wrong
  std::string recovered;  // that it is over
  std::string data;       // what it means for the statements
  std::string action;     // what the human should do
};

AlertWords words_of(const AlertNotice& notice);

// "12 statements wait for it"; where the number is not known, "the statements wait for it".
std::string waiting_words(const AlertDetails& details);

}  // namespace waypost::relay
