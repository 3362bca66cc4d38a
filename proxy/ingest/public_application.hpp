#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "proxy/http/application.hpp"
#include "proxy/ingest/organisation.hpp"
#include "proxy/ingest/post_route.hpp"
#include "proxy/ingest/statements_route.hpp"
#include "proxy/operations/metrics.hpp"
#include "proxy/tracker_files/tracker_files.hpp"

namespace waypost::relay {

// Everything under the prefix on the public listener: which path is what, who may ask, and what a
// browser of another origin may read of the answer.
class PublicApplication final : public Application {
 public:
  // All outlive it.
  PublicApplication(std::string prefix, const std::vector<Organisation>& organisations,
                    DurableAppend& store, const TrackerFiles& tracker_files, Metrics& metrics);

  Admission admit(const Request& request) override;
  void dress(const Request& request, Response& refusal) override;
  void answered(unsigned status) override;

 private:
  enum class Place { Post, Statements, OtherXapi, Loader, Asset, Nowhere };

  // Where a request leads.
  struct Route {
    Place place = Place::Nowhere;
    const Organisation* organisation = nullptr;  // of all but Asset and Nowhere
    std::string rest;                            // name of an asset
    std::string_view sentence;                   // why it leads nowhere
  };

  Route route_of(const Request& request) const;
  Admission admit_post(const Request& request, const Organisation& organisation);
  Admission admit_statements(const Request& request, const Organisation& organisation);
  Admission admit_file(const Request& request, const Route& route);

  std::string prefix_;
  const std::vector<Organisation>& organisations_;
  PostRoute post_;
  StatementsRoute statements_;
  const TrackerFiles& tracker_files_;
  Metrics& metrics_;
};

}  // namespace waypost::relay
