#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <list>
#include <memory>

#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>

#include "practice_lrs/faults.hpp"
#include "practice_lrs/http.hpp"
#include "practice_lrs/request_log.hpp"
#include "practice_lrs/statement_book.hpp"

namespace waypost::practice {

// What is no part of an LRS: looking at what arrived, waiting for it, and ordering faults.
// README.md has its paths.
class PracticeResource {
 public:
  PracticeResource(boost::asio::io_context& io, StatementBook& book, Faults& faults,
                   RequestLog& log);

  void answer(const Request& request, const Target& target, Done done);

  // The book may have changed: answers those who wait for that.
  void answer_waiting();

 private:
  // GET /practice/statements, held back until enough statements are there.
  struct Waiting {
    explicit Waiting(boost::asio::io_context& io) : timer(io) {}

    std::uint64_t after = 0;   // statements behind this sequence number are asked for
    std::size_t at_least = 0;  // so many statements must be stored in all
    std::size_t limit = 0;
    Done done;
    boost::asio::steady_timer timer;
  };

  void answer_statements(const Request& request, const Target& target, Done done);
  void answer_faults(const Request& request, const Done& done);
  bool satisfied(const Waiting& waiting) const;
  Answer list(const Waiting& waiting) const;

  boost::asio::io_context& io_;
  StatementBook& book_;
  Faults& faults_;
  RequestLog& log_;
  std::list<std::shared_ptr<Waiting>> waiting_;
};

}  // namespace waypost::practice
