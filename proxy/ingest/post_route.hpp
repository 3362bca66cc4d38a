#pragma once

#include <functional>
#include <memory>

#include "proxy/http/application.hpp"
#include "proxy/ingest/durable_append.hpp"
#include "proxy/ingest/organisation.hpp"
#include "waypost/time.hpp"

namespace waypost::relay {

// POST /post, the tracker's own: every entry for itself. The answer comes after the durable commit
// and lists every entry by its id; a page forgets only what is listed.
class PostRoute {
 public:
  PostRoute(DurableAppend& store, Metrics& metrics) : store_(store), metrics_(metrics) {}

  // The request's head was admitted already; the organisation outlives the answer.
  void handle(const std::shared_ptr<Exchange>& exchange, const Organisation& organisation);

 private:
  DurableAppend& store_;
  Metrics& metrics_;
};

}  // namespace waypost::relay
