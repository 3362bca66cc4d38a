#include "practice_lrs/statements_resource.hpp"

#include <algorithm>
#include <charconv>
#include <optional>
#include <utility>

#include <nlohmann/json.hpp>
#include <openssl/evp.h>

#include <boost/beast/core/string.hpp>

#include "waypost/statement/equality.hpp"

namespace waypost::practice {
namespace {

using boost::beast::http::verb;
using Json = nlohmann::json;

constexpr std::size_t kListMax = 100;

std::string base64(const std::string& text) {
  std::string encoded((text.size() + 2) / 3 * 4 + 1, '\0');
  const int size = EVP_EncodeBlock(reinterpret_cast<unsigned char*>(encoded.data()),
                                   reinterpret_cast<const unsigned char*>(text.data()),
                                   static_cast<int>(text.size()));
  encoded.resize(static_cast<std::size_t>(size));
  return encoded;
}

bool is_version_2(const Request& request) {
  return header(request, "X-Experience-API-Version").starts_with('2');
}

// Empty when the request's headers are in order (xAPI-Communication 1.0.3 sections 1.5 and 3.3).
std::string_view wrong_header(const Request& request) {
  const std::string_view version = header(request, "X-Experience-API-Version");
  if (version.empty()) return "X-Experience-API-Version is missing\n";
  if (version != "1.0" && !version.starts_with("1.0.") && !version.starts_with("2.0.")) {
    return "X-Experience-API-Version must be 1.0.x or 2.0.x\n";
  }
  const bool has_body = request.method() == verb::post || request.method() == verb::put;
  if (has_body && !is_json(header(request, "Content-Type"))) {
    return "Content-Type must be application/json\n";
  }
  return {};
}

Reading reading_of(const Request& request, bool accept_all) {
  Reading reading;
  reading.rules.json_only = true;
  if (is_version_2(request)) reading.rules.version = statement::Version::V2_0_0;
  reading.accept_all = accept_all;
  return reading;
}

// The statement with its id, which its sender may have left to the LRS.
std::string text_with_id(const StoredStatement& statement) {
  const Json parsed = Json::parse(statement.text, nullptr, false);
  if (!parsed.is_object() || parsed.contains("id")) return statement.text;
  const char* separator = parsed.empty() ? "" : ",";
  return R"({"id":")" + statement.id.text() + '"' + separator +
         statement.text.substr(statement.text.find('{') + 1);
}

std::optional<std::size_t> number(const std::string& text) {
  std::size_t value = 0;
  const auto [end, failed] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (failed != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return value;
}

}  // namespace

StatementsResource::StatementsResource(const Options& options, StatementBook& book)
    : accept_all_(options.accept_all),
      credentials_(base64(options.api_key + ":" + options.api_secret)),
      book_(book) {}

bool StatementsResource::authorized(const Request& request) const {
  const std::string_view value = header(request, "Authorization");
  if (value.size() < 6) return false;
  return boost::beast::iequals({value.data(), 6}, "Basic ") && value.substr(6) == credentials_;
}

Answer StatementsResource::answer(const Request& request, const Target& target, Instant now) {
  statements_received_ = 0;
  Answer answer;
  if (!authorized(request)) {
    answer = plain_text(401, "the API key or secret is wrong\n");
    answer.headers.emplace_back("WWW-Authenticate", "Basic realm=\"practice LRS\"");
  } else if (const std::string_view wrong = wrong_header(request); !wrong.empty()) {
    answer = plain_text(400, std::string(wrong));
  } else if (request.method() == verb::post) {
    answer = post(request, target, now);
  } else if (request.method() == verb::put) {
    answer = put(request, target, now);
  } else if (request.method() == verb::get) {
    answer = get(target);
  } else {
    answer = plain_text(405, "this resource knows GET, POST and PUT\n");
    answer.headers.emplace_back("Allow", "GET, POST, PUT");
  }
  answer.headers.emplace_back("X-Experience-API-Version",
                              is_version_2(request) ? "2.0.0" : "1.0.3");
  return answer;
}

bool StatementsResource::same_statement(const StoredStatement& known, std::string_view text) const {
  if (known.text == text) return true;
  // What --accept-all let in may not be comparable.
  return !accept_all_ && statement::comparable(known.text) == statement::comparable(text);
}

bool StatementsResource::store(const std::vector<Incoming>& incoming, Instant now,
                               Answer& refusal) {
  std::size_t new_count = 0;
  std::size_t new_bytes = 0;
  for (const Incoming& statement : incoming) {
    const StoredStatement* known = book_.find(statement.id);
    if (known == nullptr) {
      ++new_count;
      new_bytes += statement.text.size();
    } else if (!same_statement(*known, statement.text)) {
      book_.repeated(statement.id, statement.text, now);
      refusal = plain_text(409, "another statement has the id " + statement.id.text() + "\n");
      return false;
    }
  }
  if (!book_.has_room(new_count, new_bytes)) {
    refusal = plain_text(507, "full: DELETE /practice/statements empties the practice LRS\n");
    return false;
  }
  for (const Incoming& statement : incoming) {
    const bool known = book_.find(statement.id) != nullptr;
    if (known)
      book_.repeated(statement.id, statement.text, now);
    else
      book_.add(statement.id, std::string(statement.text), now);
    if (statement.voids) book_.mark_voided(*statement.voids);
  }
  book_.flush();
  return true;
}

Answer StatementsResource::post(const Request& request, const Target& target, Instant now) {
  if (!target.parameters.empty()) return plain_text(400, "POST takes no parameters\n");
  std::vector<Incoming> incoming;
  Answer answer;
  if (!read_incoming(request.body(), reading_of(request, accept_all_), incoming, answer)) {
    return answer;
  }
  statements_received_ = incoming.size();
  if (!store(incoming, now, answer)) return answer;
  Json ids = Json::array();
  for (const Incoming& statement : incoming) ids.push_back(statement.id.text());
  answer.body = ids.dump();
  return answer;
}

Answer StatementsResource::put(const Request& request, const Target& target, Instant now) {
  const std::string* parameter = target.parameter("statementId");
  const auto id = parameter == nullptr ? std::nullopt : Uuid::parse(*parameter);
  if (!id || target.parameters.size() != 1) {
    return plain_text(400, "PUT takes the parameter statementId, a UUID\n");
  }
  std::vector<Incoming> incoming;
  Answer answer;
  if (!read_incoming(request.body(), reading_of(request, accept_all_), incoming, answer)) {
    return answer;
  }
  if (incoming.size() != 1 || !incoming.front().text.starts_with('{') ||
      request.body().find_first_not_of(" \t\r\n") !=
          static_cast<std::size_t>(incoming.front().text.data() - request.body().data())) {
    return plain_text(400, "PUT takes one statement\n");
  }
  if (incoming.front().has_own_id && incoming.front().id != *id) {
    return plain_text(400, "the statement's id is not the parameter statementId\n");
  }
  incoming.front().id = *id;
  statements_received_ = 1;
  if (!store(incoming, now, answer)) return answer;
  answer.status = 204;
  return answer;
}

Answer StatementsResource::get(const Target& target) const {
  for (const auto& [name, value] : target.parameters) {
    if (name != "statementId" && name != "voidedStatementId" && name != "limit" &&
        name != "ascending" && name != "from" && name != "format" && name != "attachments") {
      return plain_text(400, "the practice LRS does not know the parameter " + name + "\n");
    }
  }
  const std::string* id = target.parameter("statementId");
  const std::string* voided_id = target.parameter("voidedStatementId");
  if (id != nullptr && voided_id != nullptr) {
    return plain_text(400, "either statementId or voidedStatementId\n");
  }
  if (id != nullptr) return get_one(*id, false);
  if (voided_id != nullptr) return get_one(*voided_id, true);
  return get_list(target);
}

Answer StatementsResource::get_one(const std::string& id, bool voided) const {
  const auto parsed = Uuid::parse(id);
  if (!parsed) return plain_text(400, "not a UUID\n");
  const StoredStatement* statement = book_.find(*parsed);
  if (statement == nullptr || statement->voided != voided) return plain_text(404, "unknown\n");
  Answer answer;
  answer.body = text_with_id(*statement);
  return answer;
}

Answer StatementsResource::get_list(const Target& target) const {
  const std::string* limit_text = target.parameter("limit");
  const std::string* from_text = target.parameter("from");
  const auto limit = limit_text == nullptr ? std::size_t{0} : number(*limit_text);
  const auto from = from_text == nullptr ? std::size_t{0} : number(*from_text);
  if (!limit || !from) return plain_text(400, "limit must be a whole number\n");
  const std::size_t count_max = *limit == 0 ? kListMax : std::min(*limit, kListMax);
  const std::string* ascending_text = target.parameter("ascending");
  const bool ascending = ascending_text != nullptr && *ascending_text == "true";

  const auto& all = book_.all();
  std::string list;
  std::size_t count = 0;
  std::size_t at = *from;
  for (; at < all.size() && count < count_max; ++at) {
    const StoredStatement& statement = all[ascending ? at : all.size() - 1 - at];
    if (statement.voided) continue;
    if (count++ != 0) list += ',';
    list += text_with_id(statement);
  }
  std::string more;
  if (at < all.size()) {
    more = "/xapi/statements?limit=" + std::to_string(count_max) + "&from=" + std::to_string(at) +
           (ascending ? "&ascending=true" : "");
  }
  Answer answer;
  answer.body = R"({"statements":[)" + list + R"(],"more":")" + more + R"("})";
  return answer;
}

}  // namespace waypost::practice
