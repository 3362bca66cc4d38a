#include "proxy/alerts/mail_text.hpp"

#include <algorithm>
#include <array>
#include <ctime>
#include <string_view>

namespace waypost::relay {
namespace {

constexpr std::size_t kHeaderLengthMax = 900;  // a line of a mail has 998 at most

// RFC 5322 section 3.3. Names of days and months as in the "C" locale, whatever the process has.
std::string mail_date(Instant at) {
  static constexpr std::array<std::string_view, 7> kDays{"Sun", "Mon", "Tue", "Wed",
                                                         "Thu", "Fri", "Sat"};
  static constexpr std::array<std::string_view, 12> kMonths{
      "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
  const std::time_t seconds = at.ms / 1000;
  std::tm parts{};
  gmtime_r(&seconds, &parts);
  std::array<char, 32> rest{};
  const auto length = std::strftime(rest.data(), rest.size(), " %Y %H:%M:%S +0000", &parts);
  std::string date(kDays.at(static_cast<std::size_t>(parts.tm_wday)));
  date += ", " + std::to_string(parts.tm_mday) + ' ';
  date += kMonths.at(static_cast<std::size_t>(parts.tm_mon));
  date.append(rest.data(), length);
  return date;
}

std::string one_line(std::string_view text) {
  std::string line(text.substr(0, kHeaderLengthMax));
  for (char& c : line) {
    if (c < ' ' || c > '~') c = '?';
  }
  return line;
}

void add_header(std::string& mail, std::string_view name, std::string_view value) {
  mail += name;
  mail += ": ";
  mail += one_line(value);
  mail += "\r\n";
}

// Each on a line of its own, which a space continues.
void add_addressees(std::string& mail, const std::vector<std::string>& addresses) {
  mail += "To:";
  for (const std::string& address : addresses) {
    mail += (&address == &addresses.front() ? " " : ",\r\n ") + one_line(address);
  }
  mail += "\r\n";
}

}  // namespace

std::string mail_text(const MailAddresses& addresses, const AlertMessage& message, Instant now,
                      const Uuid& id) {
  const std::string domain = addresses.from.substr(addresses.from.find('@') + 1);
  std::string mail;
  add_header(mail, "Date", mail_date(now));
  add_header(mail, "From", addresses.from);
  add_addressees(mail, addresses.to);
  add_header(mail, "Subject", "[waypost] " + message.subject);
  add_header(mail, "Message-ID", '<' + id.text() + '@' + domain + '>');
  add_header(mail, "Auto-Submitted", "auto-generated");
  add_header(mail, "MIME-Version", "1.0");
  add_header(mail, "Content-Type", "text/plain; charset=us-ascii");
  mail += "\r\n";
  for (const char c : message.text) {
    if (c == '\n') {
      mail += "\r\n";
    } else {
      mail += c < ' ' || c > '~' ? '?' : c;
    }
  }
  return mail;
}

}  // namespace waypost::relay
