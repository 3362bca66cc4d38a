#include "proxy/lrs_client/answer.hpp"

#include <algorithm>
#include <cstddef>
#include <string>

#include <strings.h>

#include "waypost/json/reader.hpp"

namespace waypost::relay {
namespace {

using json::TokenKind;

// Parameters, such as a charset, do not count.
bool is_json(std::string_view content_type) {
  constexpr std::string_view kJson = "application/json";
  if (content_type.size() < kJson.size()) return false;
  if (strncasecmp(content_type.data(), kJson.data(), kJson.size()) != 0) return false;
  const std::string_view rest = content_type.substr(kJson.size());
  return rest.empty() || rest.front() == ';' || rest.front() == ' ' || rest.front() == '\t';
}

bool names_only(std::string_view body, std::span<const Uuid> sent) {
  json::Reader reader(body);
  if (reader.next().kind != TokenKind::ArrayBegin) return false;
  std::string scratch;
  // Most LRSs answer in the order of the batch.
  std::size_t expected = 0;
  for (auto token = reader.next(); token.kind != TokenKind::ArrayEnd; token = reader.next()) {
    if (token.kind != TokenKind::String) return false;
    const auto id = Uuid::parse(reader.decoded(token, scratch));
    if (!id) return false;
    if (expected < sent.size() && sent[expected] == *id) {
      ++expected;
    } else if (std::find(sent.begin(), sent.end(), *id) == sent.end()) {
      return false;
    }
  }
  return reader.next().kind == TokenKind::End;
}

}  // namespace

delivery::Extent extent_of(int status, std::string_view content_type, std::string_view body,
                           std::span<const Uuid> sent) {
  if (status == 204) return delivery::Extent::Whole;
  const bool stored = status == 200 && is_json(content_type) && names_only(body, sent);
  return stored ? delivery::Extent::Whole : delivery::Extent::None;
}

}  // namespace waypost::relay
