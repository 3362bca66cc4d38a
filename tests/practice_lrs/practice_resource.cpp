#include "practice_lrs/practice_resource.hpp"

#include <algorithm>
#include <charconv>
#include <chrono>
#include <string>
#include <utility>

#include <nlohmann/json.hpp>

namespace waypost::practice {
namespace {

using boost::beast::http::verb;
using Json = nlohmann::json;

constexpr std::uint64_t kWaitMaxMs = 60'000;
constexpr std::size_t kListDefault = 1'000;
constexpr std::size_t kListMax = 10'000;
constexpr std::size_t kWaitingMax = 64;

// The parameter as a number of at most `most`; `otherwise` where it is missing or none.
std::uint64_t number(const Target& target, std::string_view name, std::uint64_t otherwise,
                     std::uint64_t most) {
  const std::string* text = target.parameter(name);
  if (text == nullptr) return otherwise;
  std::uint64_t value = 0;
  const auto [end, failed] = std::from_chars(text->data(), text->data() + text->size(), value);
  if (failed != std::errc() || end != text->data() + text->size()) return otherwise;
  return std::min(value, most);
}

Answer json_answer(const Json& value) {
  Answer answer;
  answer.body = value.dump(-1, ' ', false, Json::error_handler_t::replace);
  return answer;
}

Answer no_content() {
  Answer answer;
  answer.status = 204;
  return answer;
}

}  // namespace

PracticeResource::PracticeResource(boost::asio::io_context& io, StatementBook& book, Faults& faults,
                                   RequestLog& log)
    : io_(io), book_(book), faults_(faults), log_(log) {}

void PracticeResource::answer(const Request& request, const Target& target, Done done) {
  // A page of another site must not order faults through a visitor's browser.
  if (header(request, "Sec-Fetch-Site") == "cross-site") {
    done(plain_text(403, "not from another site\n"));
  } else if (target.path == "/practice/statements") {
    answer_statements(request, target, std::move(done));
  } else if (target.path == "/practice/faults") {
    answer_faults(request, done);
  } else if (target.path == "/practice/log" && request.method() == verb::get) {
    done(json_answer(log_.describe()));
  } else {
    done(plain_text(404, "see tests/practice_lrs/README.md\n"));
  }
}

void PracticeResource::answer_faults(const Request& request, const Done& done) {
  if (request.method() == verb::post) {
    const std::string wrong = faults_.set(request.body());
    done(wrong.empty() ? json_answer(faults_.describe()) : plain_text(400, wrong + "\n"));
  } else if (request.method() == verb::delete_) {
    faults_.clear();
    done(no_content());
  } else if (request.method() == verb::get) {
    done(json_answer(faults_.describe()));
  } else {
    done(plain_text(405, "GET, POST or DELETE\n"));
  }
}

void PracticeResource::answer_statements(const Request& request, const Target& target, Done done) {
  if (request.method() == verb::delete_) {
    book_.clear();
    log_.clear();
    done(no_content());
    return;
  }
  if (request.method() != verb::get) {
    done(plain_text(405, "GET or DELETE\n"));
    return;
  }
  const auto waiting = std::make_shared<Waiting>(io_);
  waiting->after = number(target, "after", 0, UINT64_MAX);
  waiting->at_least = number(target, "at_least", 0, UINT64_MAX);
  waiting->limit = number(target, "limit", kListDefault, kListMax);
  const std::uint64_t wait_ms = number(target, "wait_ms", 0, kWaitMaxMs);
  if (wait_ms == 0 || satisfied(*waiting) || waiting_.size() >= kWaitingMax) {
    done(list(*waiting));
    return;
  }
  waiting->done = std::move(done);
  waiting_.push_back(waiting);
  waiting->timer.expires_after(std::chrono::milliseconds(wait_ms));
  waiting->timer.async_wait([this, waiting](const boost::system::error_code& cancelled) {
    if (cancelled) return;
    waiting_.remove(waiting);
    waiting->done(list(*waiting));
  });
}

bool PracticeResource::satisfied(const Waiting& waiting) const {
  return book_.all().size() >= waiting.at_least;
}

void PracticeResource::answer_waiting() {
  for (auto at = waiting_.begin(); at != waiting_.end();) {
    const std::shared_ptr<Waiting> waiting = *at;
    if (!satisfied(*waiting)) {
      ++at;
      continue;
    }
    at = waiting_.erase(at);
    waiting->timer.cancel();
    waiting->done(list(*waiting));
  }
}

Answer PracticeResource::list(const Waiting& waiting) const {
  Json statements = Json::array();
  const auto& all = book_.all();
  auto at = std::partition_point(all.begin(), all.end(), [&](const StoredStatement& statement) {
    return statement.sequence <= waiting.after;
  });
  for (; at != all.end() && statements.size() < waiting.limit; ++at) {
    statements.push_back({{"sequence", at->sequence},
                          {"id", at->id.text()},
                          {"text", at->text},
                          {"received_ms", at->received.ms},
                          {"last_sent_ms", at->last_sent.ms},
                          {"sent", at->sent},
                          {"sent_differently", at->sent_differently},
                          {"voided", at->voided}});
  }
  return json_answer({{"count", all.size()},
                      {"latest", all.empty() ? 0 : all.back().sequence},
                      {"statements", std::move(statements)}});
}

}  // namespace waypost::practice
