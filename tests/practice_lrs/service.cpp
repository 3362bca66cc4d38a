#include "practice_lrs/service.hpp"

#include <chrono>
#include <utility>

#include "practice_lrs/page.hpp"

namespace waypost::practice {
namespace {

Instant wall_clock() {
  const auto since_epoch = std::chrono::system_clock::now().time_since_epoch();
  return {std::chrono::duration_cast<std::chrono::milliseconds>(since_epoch).count()};
}

}  // namespace

Service::Service(boost::asio::io_context& io, const Options& options)
    : book_(options), statements_(options, book_), practice_(io, book_, faults_, log_) {}

void Service::handle(const Request& request, Done done) {
  Target target;
  if (!parse_target({request.target().data(), request.target().size()}, target)) {
    done(plain_text(400, "the request target is no path\n"));
  } else if (target.path == "/xapi/statements") {
    done(xapi(request, target));
    practice_.answer_waiting();
  } else if (target.path == "/xapi/about") {
    Answer answer;
    answer.body = R"({"version":["1.0.3","2.0.0"]})";
    answer.headers.emplace_back("X-Experience-API-Version", "1.0.3");
    done(std::move(answer));
  } else if (target.path.starts_with("/practice/")) {
    practice_.answer(request, target, std::move(done));
  } else {
    done(page(target.path));
  }
}

Answer Service::xapi(const Request& request, const Target& target) {
  const Instant now = wall_clock();
  const auto fault = faults_.hit(request);
  Answer answer;
  std::size_t count = 0;
  if (!fault || !fault->keeps_from_storing()) {
    answer = statements_.answer(request, target, now);
    count = statements_.statements_received();
  }
  if (fault) answer = fault->spoil(std::move(answer));
  log_.add(request, count, answer, now);
  return answer;
}

}  // namespace waypost::practice
