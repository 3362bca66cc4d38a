#include <functional>
#include <string>

#include <nlohmann/json.hpp>

#include "fuzz/target.hpp"
#include "proxy/ingest/acceptance.hpp"
#include "proxy/ingest/envelope.hpp"

namespace waypost::fuzz {
namespace {

bool lies_in(std::string_view part, std::string_view whole) {
  const std::less_equal<const char*> before_or_at;
  return before_or_at(whole.data(), part.data()) &&
         before_or_at(part.data() + part.size(), whole.data() + whole.size());
}

void check(const relay::Envelope& envelope, std::string_view body, statement::Version version) {
  require(nlohmann::json::accept(envelope.nonce), "the nonce can be given back as it is");
  const auto read = nlohmann::json::parse(body, nullptr, false);
  if (!read.is_discarded()) {
    require(read.at("entries").size() == envelope.entries.size(), "no entry is left out");
  }
  for (const relay::EnvelopeEntry& entry : envelope.entries) {
    require(!entry.text.empty() && lies_in(entry.text, body), "an entry lies in the body");
    if (envelope.kind != relay::EntryKind::Statements) continue;
    const auto alone = statement::validate(entry.text, relay::unstamped_rules(version));
    require(alone.valid() == entry.validation.valid(), "it is judged alone as in the body");
    const auto outlined = entry.validation.outline.whole.of(entry.validated);
    require(outlined == entry.text, "its positions are its own");
  }
}

}  // namespace

void read_post_body(std::string_view input) {
  for (const auto version : {statement::Version::V1_0_3, statement::Version::V2_0_0}) {
    const relay::EnvelopeReading reading = relay::read_envelope(input, version);
    if (reading.envelope) {
      check(*reading.envelope, input, version);
    } else {
      require(reading.code != ErrorCode::None && !reading.message.empty(), "a refusal has words");
    }
  }
}

}  // namespace waypost::fuzz
