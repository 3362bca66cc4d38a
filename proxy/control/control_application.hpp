#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <vector>

#include <nlohmann/json_fwd.hpp>

#include "proxy/http/application.hpp"
#include "proxy/ingest/organisation.hpp"
#include "proxy/operations/destination_directory.hpp"
#include "proxy/store/dead_letters.hpp"

namespace waypost::relay {

class Forwarder;
class GroupCommit;

// What the command line asks of the running relay: POST with a JSON object, answered by one. Each
// request is bounded; where there is more, `next` in the answer says where to go on. Whoever can
// open the socket may order everything.
class ControlApplication final : public Application {
 public:
  // All outlive it.
  ControlApplication(GroupCommit& commits, Forwarder& forwarder,
                     const std::vector<Organisation>& organisations,
                     const DestinationDirectory& destinations);

  Admission admit(const Request& request) override;

  void dress(const Request& /*request*/, Response& /*refusal*/) override {}

  void answered(unsigned /*status*/) override {}

 private:
  using Waiting = std::shared_ptr<Exchange>;

  // Answers in the store's thread.
  void ask_store(const Waiting& exchange, std::function<Response(Store&)> work);

  void list(const Waiting& exchange, const nlohmann::json& asked, bool is_whole);
  void count(const Waiting& exchange, const nlohmann::json& asked);
  void replay(const Waiting& exchange, const nlohmann::json& asked);
  void discard(const Waiting& exchange, const nlohmann::json& asked);
  void mend(const Waiting& exchange, const nlohmann::json& asked);
  void audit(const Waiting& exchange, const nlohmann::json& asked);
  void list_destinations(const Waiting& exchange);
  void release(const Waiting& exchange, const nlohmann::json& asked);
  void isolate_anyway(const Waiting& exchange, const nlohmann::json& asked);
  std::optional<DestinationLabels> destination_of(const nlohmann::json& asked) const;

  Response mend_one(Store& store, const nlohmann::json& asked);
  Response replayed(const StoreResult<Replay>& result);
  void tell_forwarder(const std::vector<ReplayedEntry>& entries);

  GroupCommit& commits_;
  Forwarder& forwarder_;
  const std::vector<Organisation>& organisations_;
  const DestinationDirectory& destinations_;
};

}  // namespace waypost::relay
