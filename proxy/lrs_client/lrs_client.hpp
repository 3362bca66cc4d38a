#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "proxy/lrs_client/secret.hpp"
#include "waypost/delivery/outcome.hpp"
#include "waypost/time.hpp"
#include "waypost/uuid.hpp"

// HTTP to Learning Record Stores: many requests at once in one thread, over connections that are
// kept. It reports what came back; what that means for a batch is decided in core.
namespace waypost::relay {

// One LRS and how to be let in.
struct LrsEndpoint {
  std::string url;  // http or https; "statements" is appended, after a "/" where it lacks one
  std::string api_key;
  Secret api_secret;
  std::string xapi_version = "1.0.3";
};

struct LrsClientSettings {
  Duration connect_timeout{5'000};
  Duration total_timeout{120'000};
  // An answer or an upload slower than one byte a second for this long ends the request.
  Duration stall_timeout{60'000};
  // PEM file of further certificate authorities to trust; empty: those of the system alone.
  std::string certificate_authorities_file;
};

// Statements to store, as one JSON array.
struct LrsBatch {
  std::string body;
  std::vector<Uuid> ids;  // of the statements in `body`: an answer may name no others
};

struct LrsAnswer {
  delivery::Outcome outcome;
  std::string text;  // its first 4 KiB, or what the network said; from outside, not to be trusted
  std::string body;  // of a get(): all of it, up to 1 MiB
  Duration took;
  // Of the LRS's certificate, where the request opened a TLS connection.
  std::optional<Instant> certificate_ends{};
};

// Where an LRS keeps a statement: voided ones are found by a parameter of their own.
enum class Shelf : std::uint8_t { Statements, Voided };

// Not thread-safe, save wake(). TLS certificates are always verified, redirects never followed.
class LrsClient {
 public:
  using Done = std::function<void(LrsAnswer answer)>;

  explicit LrsClient(const LrsClientSettings& settings);
  LrsClient(const LrsClient&) = delete;
  LrsClient& operator=(const LrsClient&) = delete;
  // Requests in flight are dropped; their callbacks are not called.
  ~LrsClient();

  // Starts a POST of the batch. `done` is called by a later poll(), once. The endpoint is read
  // before post() returns and not kept.
  void post(const LrsEndpoint& endpoint, LrsBatch batch, Done done);

  // Starts a GET of the statement with this id. Otherwise as post().
  void get(const LrsEndpoint& endpoint, Shelf shelf, const Uuid& id, Done done);

  // Moves requests on and calls what is done; waits for at most `wait_max` when nothing happens.
  void poll(Duration wait_max);

  // Ends a waiting poll(), or the next one. From any thread.
  void wake();

  std::size_t in_flight() const;

 private:
  class Transfers;
  std::unique_ptr<Transfers> transfers_;
};

}  // namespace waypost::relay
