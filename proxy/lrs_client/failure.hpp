#pragma once

#include <string_view>

#include <curl/curl.h>

#include "waypost/delivery/outcome.hpp"

namespace waypost::relay {

// Why a transfer brought no answer. `text` is what libcurl wrote about it.
delivery::Failure failure_of(CURLcode result, std::string_view text);

}  // namespace waypost::relay
