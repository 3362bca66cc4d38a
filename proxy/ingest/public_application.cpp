#include "proxy/ingest/public_application.hpp"

#include <algorithm>
#include <optional>
#include <utility>

#include <boost/beast/core/string.hpp>

#include "proxy/http/target.hpp"
#include "proxy/ingest/cross_origin.hpp"
#include "proxy/ingest/xapi_version.hpp"
#include "waypost/limits.hpp"

namespace waypost::relay {
namespace {

constexpr std::string_view kPostMethods = "POST, OPTIONS";
constexpr std::string_view kStatementsMethods = "POST, PUT, OPTIONS";
constexpr std::string_view kFileMethods = "GET, HEAD, OPTIONS";
constexpr std::string_view kNoMethods = "OPTIONS";

bool eat(std::string_view& text, std::string_view front) {
  if (text.substr(0, front.size()) != front) return false;
  text.remove_prefix(front.size());
  return true;
}

std::string_view trimmed(std::string_view text) {
  const auto first = text.find_first_not_of(" \t");
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(" \t") - first + 1);
}

// Whether the header names this media type, in UTF-8 if it names a charset.
bool is_media_type(std::string_view header, std::string_view type) {
  const auto semicolon = header.find(';');
  if (!boost::beast::iequals(trimmed(header.substr(0, semicolon)), type)) return false;
  while (semicolon != std::string_view::npos && header.find(';') != std::string_view::npos) {
    header.remove_prefix(header.find(';') + 1);
    const std::string_view parameter = trimmed(header.substr(0, header.find(';')));
    const auto equals = parameter.find('=');
    if (equals == std::string_view::npos) return false;
    std::string_view value = parameter.substr(equals + 1);
    if (value.size() >= 2 && value.front() == '"' && value.back() == '"') {
      value = value.substr(1, value.size() - 2);
    }
    if (boost::beast::iequals(trimmed(parameter.substr(0, equals)), "charset") &&
        !boost::beast::iequals(value, "utf-8")) {
      return false;
    }
  }
  return true;
}

bool is_compressed(const Request& request) {
  const std::string_view encoding = request.header(Header::ContentEncoding);
  return !encoding.empty() && !boost::beast::iequals(encoding, "identity");
}

Admission refusal(Response response) {
  Admission admission;
  admission.refusal = std::move(response);
  return admission;
}

Response wrong_method(std::string_view allowed, std::string_view message) {
  Response response = error_response(405, ErrorCode::MethodNotAllowed, message);
  response.add("Allow", std::string(allowed));
  return response;
}

// What is wrong with a request that carries statements, as far as its head tells.
std::optional<Response> flaw_of_sender(const Request& request, const Organisation& organisation,
                                       std::string_view media_type) {
  if (!organisation.allows(request.header(Header::Origin))) {
    return error_response(403, ErrorCode::NotAllowed,
                          "This Origin is not one of the organisation's origins; an administrator "
                          "can add it to them.");
  }
  if (!is_media_type(request.header(Header::ContentType), media_type)) {
    return error_response(415, ErrorCode::UnsupportedMedia,
                          "Send the body as " + std::string(media_type) + ", in UTF-8.");
  }
  if (is_compressed(request)) {
    return error_response(415, ErrorCode::UnsupportedMedia,
                          "Send the body as it is, without Content-Encoding.");
  }
  return std::nullopt;
}

void add_version(Response& response, statement::Version version) {
  response.add("X-Experience-API-Version", std::string(xapi_version_text(version)));
}

// The version that the request's statements are read by, or why they are not.
std::optional<statement::Version> version_of(const Request& request,
                                             const Organisation& organisation, Response& refused) {
  const std::string_view header = request.header(Header::XapiVersion);
  const auto version = parse_xapi_version(header);
  if (header.empty()) {
    refused = error_response(400, ErrorCode::BadRequest, "Send X-Experience-API-Version: 1.0.3.");
  } else if (!version) {
    refused =
        error_response(400, ErrorCode::BadRequest,
                       "This X-Experience-API-Version is not spoken here; 1.0.3 and 2.0.0 are.");
  } else if (*version == statement::Version::V2_0_0 &&
             organisation.version == statement::Version::V1_0_3) {
    refused = error_response(400, ErrorCode::BadRequest,
                             "The organisation's LRS speaks xAPI 1.0.3; send that version.");
  } else {
    return version;
  }
  return std::nullopt;
}

Admission refuse_other_xapi(const Request& request, const Organisation& organisation) {
  if (request.method == Method::Options) {
    return refusal(preflight(request, organisation, kNoMethods));
  }
  Response wrong = wrong_method(kNoMethods,
                                "The relay takes statements; it does not yet pass on documents, "
                                "activities, agents and about.");
  add_version(wrong, organisation.version);
  return refusal(std::move(wrong));
}

// An Exchange that adds to the answer what CORS and xAPI want there.
class DressedExchange final : public Exchange {
 public:
  DressedExchange(std::shared_ptr<Exchange> inner, const Organisation& organisation,
                  std::optional<statement::Version> version)
      : inner_(std::move(inner)), organisation_(organisation), version_(version) {}

  Request& request() override { return inner_->request(); }

  void respond(Response response) override {
    allow_reading(response, inner_->request(), organisation_);
    if (version_) add_version(response, *version_);
    inner_->respond(std::move(response));
  }

 private:
  std::shared_ptr<Exchange> inner_;
  const Organisation& organisation_;
  std::optional<statement::Version> version_;
};

}  // namespace

PublicApplication::PublicApplication(std::string prefix,
                                     const std::vector<Organisation>& organisations,
                                     DurableAppend& store, const TrackerFiles& tracker_files,
                                     Metrics& metrics)
    : prefix_(std::move(prefix)),
      organisations_(organisations),
      post_(store, metrics),
      statements_(store, metrics),
      tracker_files_(tracker_files),
      metrics_(metrics) {}

PublicApplication::Route PublicApplication::route_of(const Request& request) const {
  Route route;
  route.sentence = "There is nothing at this address.";
  const auto path = normal_path(request.path());
  if (!path) return route;
  std::string_view rest = *path;
  if (!eat(rest, prefix_) || !eat(rest, "/")) return route;
  if (eat(rest, "assets/")) {
    route.place = Place::Asset;
    route.rest = rest;
    return route;
  }
  if (eat(rest, "o/")) {
    const std::string_view name = rest.substr(0, rest.find('/'));
    const auto found = std::find_if(organisations_.begin(), organisations_.end(),
                                    [&](const Organisation& one) { return one.name == name; });
    if (found == organisations_.end() || name.size() == rest.size()) return route;
    route.organisation = &*found;
    rest.remove_prefix(name.size() + 1);
  } else if (organisations_.size() == 1) {
    route.organisation = &organisations_.front();
  } else {
    route.sentence =
        "This relay serves several organisations: put /o/ and the organisation's "
        "name behind the prefix.";
    return route;
  }
  if (rest == "post") {
    route.place = Place::Post;
  } else if (rest == "xapi/statements") {
    route.place = Place::Statements;
  } else if (rest == "waypost.js") {
    route.place = Place::Loader;
  } else if (eat(rest, "xapi/")) {
    route.place = Place::OtherXapi;
  }
  return route;
}

Admission PublicApplication::admit(const Request& request) {
  const Route route = route_of(request);
  Admission admission;
  switch (route.place) {
    case Place::Post: admission = admit_post(request, *route.organisation); break;
    case Place::Statements: admission = admit_statements(request, *route.organisation); break;
    case Place::OtherXapi: admission = refuse_other_xapi(request, *route.organisation); break;
    case Place::Loader:
    case Place::Asset: return admit_file(request, route);
    case Place::Nowhere: return refusal(error_response(404, ErrorCode::NotFound, route.sentence));
  }
  if (admission.refusal && request.method != Method::Options) {
    allow_reading(*admission.refusal, request, *route.organisation);
  }
  return admission;
}

Admission PublicApplication::admit_post(const Request& request, const Organisation& organisation) {
  if (request.method == Method::Options) {
    return refusal(preflight(request, organisation, kPostMethods));
  }
  if (request.method != Method::Post) {
    return refusal(wrong_method(kPostMethods, "Send entries with POST."));
  }
  if (auto flaw = flaw_of_sender(request, organisation, "text/plain")) {
    return refusal(std::move(*flaw));
  }
  Admission admission;
  admission.body_bytes_max = limits::kPostBytesMax;
  admission.handle = [this, &organisation](const std::shared_ptr<Exchange>& exchange) {
    post_.handle(std::make_shared<DressedExchange>(exchange, organisation, std::nullopt),
                 organisation);
  };
  return admission;
}

Admission PublicApplication::admit_statements(const Request& request,
                                              const Organisation& organisation) {
  if (request.method == Method::Options) {
    return refusal(preflight(request, organisation, kStatementsMethods));
  }
  const bool put = request.method == Method::Put;
  if (!put && request.method != Method::Post) {
    Response wrong =
        wrong_method(kStatementsMethods,
                     "The relay takes statements by POST and PUT; it does not yet read them.");
    add_version(wrong, organisation.version);
    return refusal(std::move(wrong));
  }
  Response refused;
  const auto version = version_of(request, organisation, refused);
  const auto parameters = query_parameters(request.query());
  std::optional<Uuid> id;
  if (!version) {
  } else if (auto flaw = flaw_of_sender(request, organisation, "application/json")) {
    refused = std::move(*flaw);
  } else if (!put && (!parameters || !parameters->empty())) {
    refused = error_response(400, ErrorCode::BadRequest, "POST statements takes no parameters.");
  } else if (put) {
    if (parameters && parameters->size() == 1 && parameters->front().first == "statementId") {
      id = Uuid::parse(parameters->front().second);
    }
    if (!id) {
      refused = error_response(400, ErrorCode::BadRequest,
                               "PUT statements takes one parameter, statementId, which is a UUID.");
    }
  }
  if (refused.status != 200) {
    add_version(refused, version.value_or(organisation.version));
    return refusal(std::move(refused));
  }
  Admission admission;
  admission.body_bytes_max = limits::kXapiBytesMax;
  admission.handle = [this, &organisation, spoken = *version,
                      id](const std::shared_ptr<Exchange>& exchange) {
    auto dressed = std::make_shared<DressedExchange>(exchange, organisation, spoken);
    if (id) return statements_.handle_put(dressed, organisation, spoken, *id);
    statements_.handle_post(dressed, organisation, spoken);
  };
  return admission;
}

Admission PublicApplication::admit_file(const Request& request, const Route& route) {
  const bool is_loader = route.place == Place::Loader;
  Response response;
  if (request.method == Method::Options) {
    response.status = 204;
    response.add("Access-Control-Allow-Methods", std::string(kFileMethods));
    response.add("Access-Control-Max-Age", "7200");
  } else if (request.method != Method::Get && request.method != Method::Head) {
    response = wrong_method(kFileMethods, "This is a file; read it with GET.");
  } else {
    response = is_loader ? tracker_files_.loader(route.organisation->name, request)
                         : tracker_files_.asset(route.rest, request);
  }
  allow_reading_by_all(response);
  return refusal(std::move(response));
}

void PublicApplication::dress(const Request& request, Response& refusal) {
  const Route route = route_of(request);
  if (route.organisation != nullptr) allow_reading(refusal, request, *route.organisation);
  if (route.place == Place::Statements) add_version(refusal, route.organisation->version);
}

void PublicApplication::answered(unsigned status) {
  metrics_.answered(status);
}

}  // namespace waypost::relay
