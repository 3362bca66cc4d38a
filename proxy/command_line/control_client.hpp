#pragma once

#include <filesystem>
#include <string>

#include <nlohmann/json.hpp>

namespace waypost::relay {

// Asks the relay that runs with a store, over the socket in the store's folder.
class ControlClient {
 public:
  explicit ControlClient(std::filesystem::path store_folder);

  struct Answer {
    nlohmann::json body;   // an object
    std::string trouble;   // a sentence, for which there is no body; empty if all is well
    nlohmann::json error;  // the whole error that the relay answered, if it did
  };

  Answer ask(const std::string& path, const nlohmann::json& question) const;

 private:
  std::filesystem::path folder_;
};

}  // namespace waypost::relay
