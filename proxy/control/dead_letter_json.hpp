#pragma once

#include <string>

#include <nlohmann/json_fwd.hpp>

#include "proxy/store/dead_letters.hpp"

// How the control socket speaks of dead letters. Times are milliseconds in what is asked and
// timestamps in what is answered.
namespace waypost::relay {

struct FilterReading {
  DeadLetterFilter filter;
  std::string flaw;  // a sentence; empty where there is none
};

// {"organisation","destination","reason","id","since_ms","until_ms","first","last"}, all optional.
FilterReading read_filter(const nlohmann::json& asked);

nlohmann::json json_of(const DeadLetter& letter);

// With the statement as a string, so that not a byte of it changes on its way.
nlohmann::json json_of(const WholeDeadLetter& whole);

nlohmann::json json_of(const AuditRecord& record);

}  // namespace waypost::relay
