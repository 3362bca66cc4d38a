#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "practice_lrs/http.hpp"
#include "practice_lrs/incoming.hpp"
#include "practice_lrs/options.hpp"
#include "practice_lrs/statement_book.hpp"

namespace waypost::practice {

// The statements resource of an LRS (xAPI-Communication 1.0.3 section 2.1): POST and PUT with all
// the refusals that a sender must cope with, GET as far as a sender looks things up.
class StatementsResource {
 public:
  StatementsResource(const Options& options, StatementBook& book);

  Answer answer(const Request& request, const Target& target, Instant now);

  // How many statements the last request brought, as far as they could be read.
  std::size_t statements_received() const { return statements_received_; }

 private:
  bool authorized(const Request& request) const;
  Answer post(const Request& request, const Target& target, Instant now);
  Answer put(const Request& request, const Target& target, Instant now);
  Answer get(const Target& target) const;
  Answer get_one(const std::string& id, bool voided) const;
  Answer get_list(const Target& target) const;
  // All of them or none; false: `refusal` says why.
  bool store(const std::vector<Incoming>& incoming, Instant now, Answer& refusal);
  bool same_statement(const StoredStatement& known, std::string_view text) const;

  bool accept_all_;
  std::string credentials_;  // the Basic credentials that are let in
  StatementBook& book_;
  std::size_t statements_received_ = 0;
};

}  // namespace waypost::practice
