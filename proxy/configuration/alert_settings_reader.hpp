#pragma once

#include <filesystem>

#include "proxy/configuration/alert_settings.hpp"
#include "proxy/configuration/settings_table.hpp"

namespace waypost::relay {

// Reads [alerts] and notes what is wrong with it. Relative paths start at `folder`.
AlertSettings read_alert_settings(const toml::table& table, const std::filesystem::path& folder,
                                  Problems& problems);

}  // namespace waypost::relay
