#pragma once

#include <memory>

#include "proxy/http/application.hpp"
#include "proxy/ingest/durable_append.hpp"
#include "proxy/ingest/organisation.hpp"
#include "waypost/statement/validate.hpp"
#include "waypost/uuid.hpp"

namespace waypost::relay {

// POST and PUT /xapi/statements, as an LRS answers them (xAPI-Communication 1.0.3 sections 2.1.1
// and 2.1.2), all or nothing, after the durable commit.
class StatementsRoute {
 public:
  StatementsRoute(DurableAppend& store, Metrics& metrics) : store_(store), metrics_(metrics) {}

  // The request's head was admitted already; the organisation outlives the answer.
  void handle_post(const std::shared_ptr<Exchange>& exchange, const Organisation& organisation,
                   statement::Version version);
  void handle_put(const std::shared_ptr<Exchange>& exchange, const Organisation& organisation,
                  statement::Version version, const Uuid& statement_id);

 private:
  struct Work;

  void store(const std::shared_ptr<Exchange>& exchange, const Organisation& organisation,
             std::shared_ptr<Work> work, AppendRequest append);

  DurableAppend& store_;
  Metrics& metrics_;
};

}  // namespace waypost::relay
