#include "proxy/lrs_client/look_up.hpp"

#include <memory>
#include <utility>

#include "proxy/lrs_client/stored_form.hpp"
#include "waypost/delivery/verdict.hpp"
#include "waypost/statement/equality.hpp"

namespace waypost::relay {
namespace {

using delivery::Found;
using delivery::Verdict;

struct LookUp {
  LrsClient& client;
  LrsEndpoint endpoint;
  LookUpQuestion question;
  std::function<void(LookUpAnswer)> done;
};

Found compare(const LookUpQuestion& question, std::string_view theirs) {
  const auto validation = statement::validate(theirs, {.version = question.version});
  if (!validation.valid()) return Found::Unreadable;
  const auto& id = validation.outline.id;
  // Quotes included; an id has no escapes that Uuid would take.
  const std::string_view quoted = id.present() ? id.value.of(theirs) : "";
  if (quoted.size() < 2 || Uuid::parse(quoted.substr(1, quoted.size() - 2)) != question.id) {
    return Found::Unreadable;
  }
  const bool equal = statement::comparable(stored_form(theirs)) ==
                     statement::comparable(stored_form(question.statement));
  return equal ? Found::Equal : Found::Different;
}

// Says that the LRS cannot answer now, or lets nobody in: no answer to the question.
bool is_no_answer(const delivery::Outcome& outcome) {
  switch (delivery::verdict_of(delivery::Hop::Lrs, outcome)) {
    case Verdict::Outage:
    case Verdict::SlowDown:
    case Verdict::ServerError: return true;
    case Verdict::Blocked:
      return outcome.failure == delivery::Failure::Tls || outcome.status == 401;
    case Verdict::Stored:
    case Verdict::Refused:
    case Verdict::Forbidden:
    case Verdict::Conflict:
    case Verdict::TooLarge: return false;
  }
  return true;
}

void ask(const std::shared_ptr<LookUp>& look_up, Shelf shelf) {
  look_up->client.get(look_up->endpoint, shelf, look_up->question.id,
                      [look_up, shelf](LrsAnswer answer) {
                        std::optional<Found> found;
                        if (answer.outcome.status == 404) {
                          if (shelf == Shelf::Statements) return ask(look_up, Shelf::Voided);
                          found = Found::Absent;
                        } else if (answer.outcome.status == 200) {
                          found = compare(look_up->question, answer.body);
                        } else if (!is_no_answer(answer.outcome)) {
                          found = Found::Unreadable;
                        }
                        look_up->done({found, std::move(answer)});
                      });
}

}  // namespace

void look_up(LrsClient& client, const LrsEndpoint& endpoint, LookUpQuestion question,
             std::function<void(LookUpAnswer)> done) {
  ask(std::make_shared<LookUp>(LookUp{client, endpoint, std::move(question), std::move(done)}),
      Shelf::Statements);
}

}  // namespace waypost::relay
