#include "practice_lrs/page.hpp"

#include "page_files.hpp"

namespace waypost::practice {

Answer page(const std::string& path) {
  Answer answer;
  if (path == "/") {
    answer.content_type = "text/html; charset=utf-8";
    answer.body = kIndexHtml;
    answer.headers.emplace_back(
        "Content-Security-Policy",
        "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; "
        "base-uri 'none'; form-action 'none'; frame-ancestors 'none'");
  } else if (path == "/page.js") {
    answer.content_type = "text/javascript; charset=utf-8";
    answer.body = kPageJs;
  } else if (path == "/page.css") {
    answer.content_type = "text/css; charset=utf-8";
    answer.body = kPageCss;
  } else {
    answer = plain_text(404, "there is nothing here; the xAPI endpoint is /xapi/\n");
  }
  return answer;
}

}  // namespace waypost::practice
