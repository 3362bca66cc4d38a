#pragma once

#include <cstddef>
#include <functional>
#include <memory>
#include <optional>

#include "proxy/http/request.hpp"
#include "proxy/http/response.hpp"

namespace waypost::relay {

// A request that waits for its answer. It keeps the request and the connection alive.
class Exchange {
 public:
  Exchange() = default;
  Exchange(const Exchange&) = delete;
  Exchange& operator=(const Exchange&) = delete;
  virtual ~Exchange() = default;

  // Whole, unchanging until the answer is given, and for the application alone until then.
  virtual Request& request() = 0;

  // To be called once, from any thread, now or later.
  virtual void respond(Response response) = 0;
};

// What is said to a request when only its head was read: a refusal, or who handles it when its body
// is whole.
struct Admission {
  std::optional<Response> refusal;
  std::size_t body_bytes_max = 0;
  std::function<void(const std::shared_ptr<Exchange>&)> handle;
};

// What stands behind a listener. Called from several threads at once; what it throws becomes a 500.
class Application {
 public:
  Application() = default;
  Application(const Application&) = delete;
  Application& operator=(const Application&) = delete;
  virtual ~Application() = default;

  // request.body is empty still.
  virtual Admission admit(const Request& request) = 0;

  // Makes a refusal of the connection itself (a body too large, say) readable for the pages that
  // may read the application's answers: CORS headers.
  virtual void dress(const Request& request, Response& refusal) = 0;

  // An answer with this status goes out.
  virtual void answered(unsigned status) = 0;
};

}  // namespace waypost::relay
