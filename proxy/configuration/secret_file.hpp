#pragma once

#include <filesystem>
#include <string>

#include "proxy/lrs_client/secret.hpp"

namespace waypost::relay {

struct SecretReading {
  Secret secret;
  std::string flaw;  // what is wrong, in a sentence without the secret; empty if nothing is
};

// The first line of a file that only its owner and group may read.
SecretReading read_secret_file(const std::filesystem::path& path);

}  // namespace waypost::relay
