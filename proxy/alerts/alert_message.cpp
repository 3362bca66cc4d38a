#include "proxy/alerts/alert_message.hpp"

#include <array>
#include <ctime>
#include <string_view>

#include "proxy/alerts/alert_words.hpp"
#include "waypost/json/text.hpp"

namespace waypost::relay {
namespace {

constexpr std::size_t kAddressLengthMax = 300;
constexpr std::size_t kLineLengthMax = 76;

// What came from a configuration must not break a line, and with it a header, in two.
std::string one_line(std::string_view text) {
  std::string line(text.substr(0, kAddressLengthMax));
  for (char& c : line) {
    if (c < ' ' || c > '~') c = '?';
  }
  return line;
}

// Breaks a paragraph at spaces.
void append_wrapped(std::string& to, std::string_view paragraph) {
  std::size_t length = 0;
  while (!paragraph.empty()) {
    const std::string_view word = paragraph.substr(0, paragraph.find(' '));
    if (length > 0 && length + 1 + word.size() > kLineLengthMax) {
      to += '\n';
      length = 0;
    } else if (length > 0) {
      to += ' ';
      ++length;
    }
    to += word;
    length += word.size();
    paragraph.remove_prefix(std::min(word.size() + 1, paragraph.size()));
  }
  to += '\n';
}

std::string subject_of(const AlertNotice& notice, const AlertWords& words) {
  std::string subject;
  if (!notice.key.organisation.empty()) subject += one_line(notice.key.organisation) + ": ";
  subject += word(notice.key.kind);
  switch (notice.phase) {
    case AlertPhase::Began:
    case AlertPhase::Digest: break;
    case AlertPhase::Lasts: subject += ", still"; break;
    case AlertPhase::Ended: return subject + ": over: " + words.recovered;
  }
  return subject + ": " + words.headline;
}

std::string text_of(const AlertNotice& notice, const AlertWords& words) {
  const bool ended = notice.phase == AlertPhase::Ended;
  std::string text;
  append_wrapped(text, ended ? words.recovered : words.happened);
  text += '\n';
  if (!notice.key.organisation.empty()) {
    text += "Organisation: " + one_line(notice.key.organisation) + '\n';
  }
  if (!notice.key.destination.empty()) {
    text += "LRS: " + one_line(notice.key.destination) + '\n';
  }
  text += "Since: " + readable_time(notice.since) + '\n';
  if (ended) {
    text += "Until: " + readable_time(notice.at) + '\n';
    if (notice.details.waiting) {
      text += '\n';
      append_wrapped(text, "Your data: " + waiting_words(notice.details) + " to be sent.");
    }
    return text;
  }
  text += '\n';
  append_wrapped(text, "Your data: " + words.data);
  text += '\n';
  append_wrapped(text, "What to do: " + words.action);
  return text;
}

class JsonObject {
 public:
  void add(std::string_view name, std::string_view value) {
    begin(name);
    json::append_string(text_, value);
  }

  void add_number(std::string_view name, std::int64_t value) {
    begin(name);
    text_ += std::to_string(value);
  }

  void add_object(std::string_view name, const JsonObject& value) {
    begin(name);
    text_ += value.text();
  }

  std::string text() const { return '{' + text_ + '}'; }

 private:
  void begin(std::string_view name) {
    if (!text_.empty()) text_ += ',';
    json::append_string(text_, name);
    text_ += ':';
  }

  std::string text_;
};

std::string json_of(const AlertNotice& notice, const AlertMessage& message) {
  JsonObject object;
  object.add("alert", word(notice.key.kind));
  object.add("phase", word(notice.phase));
  if (!notice.key.organisation.empty()) {
    object.add("organisation", one_line(notice.key.organisation));
  }
  if (!notice.key.destination.empty()) object.add("destination", one_line(notice.key.destination));
  if (notice.details.cause) object.add("cause", delivery::word(*notice.details.cause));
  if (notice.details.status != 0) object.add_number("status", notice.details.status);
  if (notice.details.waiting) object.add_number("waiting", *notice.details.waiting);
  if (notice.phase == AlertPhase::Digest) {
    JsonObject reasons;
    for (const auto& [reason, count] : notice.reasons) {
      reasons.add_number(reason, static_cast<std::int64_t>(count));
    }
    object.add_object("reasons", reasons);
  }
  object.add_number("since_ms", notice.since.ms);
  object.add_number("at_ms", notice.at.ms);
  object.add("subject", message.subject);
  object.add("text", message.text);
  return object.text();
}

}  // namespace

std::string_view word(AlertKind kind) {
  switch (kind) {
    case AlertKind::Blocked: return "blocked";
    case AlertKind::Outage: return "outage";
    case AlertKind::DeadLetters: return "dead-letters";
    case AlertKind::OldestWaiting: return "oldest-waiting";
    case AlertKind::QueueHeld: return "queue-held";
    case AlertKind::CertificateEnding: return "certificate-ending";
    case AlertKind::QueueFilling: return "queue-filling";
    case AlertKind::DiskFilling: return "disk-filling";
    case AlertKind::LedgerOutOfBalance: return "ledger-out-of-balance";
    case AlertKind::Test: break;
  }
  return "test";
}

std::string_view word(AlertPhase phase) {
  switch (phase) {
    case AlertPhase::Began: return "began";
    case AlertPhase::Lasts: return "lasts";
    case AlertPhase::Ended: return "ended";
    case AlertPhase::Digest: break;
  }
  return "digest";
}

AlertMessage message_of(const AlertNotice& notice) {
  const AlertWords words = words_of(notice);
  AlertMessage message;
  message.subject = subject_of(notice, words);
  message.text = text_of(notice, words);
  message.json = json_of(notice, message);
  return message;
}

std::string readable_time(Instant at) {
  const std::time_t seconds = at.ms / 1000;
  std::tm parts{};
  gmtime_r(&seconds, &parts);
  std::array<char, 40> text{};
  const auto length = std::strftime(text.data(), text.size(), "%Y-%m-%d %H:%M UTC", &parts);
  return {text.data(), length};
}

}  // namespace waypost::relay
