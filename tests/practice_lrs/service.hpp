#pragma once

#include <boost/asio/io_context.hpp>

#include "practice_lrs/faults.hpp"
#include "practice_lrs/http.hpp"
#include "practice_lrs/options.hpp"
#include "practice_lrs/practice_resource.hpp"
#include "practice_lrs/request_log.hpp"
#include "practice_lrs/statement_book.hpp"
#include "practice_lrs/statements_resource.hpp"

namespace waypost::practice {

// Everything behind the HTTP edge: who answers which request, and the faults on the way.
class Service {
 public:
  Service(boost::asio::io_context& io, const Options& options);

  void handle(const Request& request, Done done);

 private:
  Answer xapi(const Request& request, const Target& target);

  StatementBook book_;
  Faults faults_;
  RequestLog log_;
  StatementsResource statements_;
  PracticeResource practice_;
};

}  // namespace waypost::practice
