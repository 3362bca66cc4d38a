#pragma once

#include <cstddef>
#include <string_view>

#include <nlohmann/json.hpp>

#include "proxy/raw_client.hpp"
#include "proxy/relay_process.hpp"

// What a page of the course does whose relay is a RelayProcess.
namespace waypost::tests {

// A statement with the nth id to which the relay has nothing to add.
nlohmann::json course_statement(std::size_t n);

// The relay's answer to a page of this origin.
RawAnswer post(const RelayProcess& relay, const nlohmann::json& statement,
               std::string_view origin = kCourseOrigin);

}  // namespace waypost::tests
