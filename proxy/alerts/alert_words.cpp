#include "proxy/alerts/alert_words.hpp"

#include <cstdlib>

#include "proxy/alerts/alert_message.hpp"

namespace waypost::relay {
namespace {

using delivery::BlockCause;
using delivery::Failure;

constexpr std::int64_t kMebibyte = std::int64_t{1024} * 1024;

std::string_view words(Failure failure) {
  switch (failure) {
    case Failure::Timeout: return "it did not answer in time";
    case Failure::Refused: return "it refuses connections";
    case Failure::Reset: return "it breaks connections off";
    case Failure::Dns: return "its name is not found";
    case Failure::Tls: return "its certificate, or TLS, is not accepted";
    case Failure::None:
    case Failure::Network: break;
  }
  return "the network does not reach it";
}

// How the LRS answered, or that it did not.
std::string answered(const AlertDetails& details) {
  if (details.status != 0) return "it answers with status " + std::to_string(details.status);
  return std::string(words(details.failure));
}

std::string counted(std::int64_t count, std::string_view noun) {
  return std::to_string(count) + ' ' + std::string(noun) + (count == 1 ? "" : "s");
}

std::string kept(const AlertDetails& details) {
  return "Nothing is lost: " + waiting_words(details) + " in the relay's queue, on disk.";
}

AlertWords blocked(const AlertDetails& details) {
  AlertWords all;
  all.recovered = "The LRS stores statements again.";
  all.data = kept(details) + " Sending goes on once the cause is mended.";
  const std::string tries =
      " Meanwhile the relay tries one statement from time to time, and goes on by itself when that "
      "is stored.";
  // Of a block that an earlier run left the cause alone is known.
  const bool known = details.status != 0 || details.failure != Failure::None;
  const std::string how = known ? " (" + answered(details) + ")" : "";
  switch (details.cause.value_or(BlockCause::Endpoint)) {
    case BlockCause::Unauthorized:
      all.headline = "the LRS refuses the key";
      all.happened = "The LRS does not accept the relay's key or secret" + how + ".";
      all.action =
          "Ask whoever runs the LRS for a valid key. Write it into api_key and the secret into the "
          "file of api_secret_file, then have the settings read again with SIGHUP." +
          tries;
      break;
    case BlockCause::Forbidden:
      all.headline = "the key may not store statements";
      all.happened = "The LRS knows the relay's key and forbids it to store statements" + how + ".";
      all.action = "Have the key given the right to write statements." + tries;
      break;
    case BlockCause::Endpoint:
      all.headline = "no LRS answers at this address";
      all.happened = "What answers at the address of the LRS does not answer like one" + how + ".";
      all.action =
          "See whether url is the LRS's xAPI endpoint, and whether a login page, a firewall or a "
          "proxy answers in its place." +
          tries;
      break;
    case BlockCause::Tls:
      all.headline = "the LRS's certificate is not trusted";
      all.happened = "There is no trustworthy connection to the LRS" + how + ".";
      all.action =
          "See whether the LRS's certificate has expired, bears another name, or was issued by an "
          "authority that this machine does not know." +
          tries;
      break;
    case BlockCause::Suspect:
      all.headline = "the LRS refuses everything";
      all.happened = "The LRS refuses one statement after another" + how + ".";
      all.action =
          "See in the LRS's own log why: a limit, a rule of its own, or a fault there. Where the "
          "statements really are all wrong, `waypost-relay destinations isolate-anyway` makes them "
          "dead letters." +
          tries;
      break;
  }
  return all;
}

AlertWords outage(const AlertDetails& details) {
  return {"the LRS cannot take statements",
          "The LRS takes no statements: " + answered(details) + ".", "The LRS answers again.",
          kept(details) + " Sending goes on as soon as it answers again.",
          "See whether the LRS runs and whether this machine reaches it. The relay keeps trying by "
          "itself, at least every five minutes."};
}

AlertWords dead_letters(const AlertNotice& notice) {
  std::uint64_t total = 0;
  std::string list;
  for (const auto& [reason, count] : notice.reasons) {
    total += count;
    list += (list.empty() ? "" : ", ") + std::to_string(count) + ' ' + reason;
  }
  const std::string count = counted(static_cast<std::int64_t>(total), "statement");
  return {count + " set aside",
          count + (total == 1 ? " was" : " were") +
              " set aside as dead letters, because the LRS cannot store them: " + list + ".",
          {},
          "Nothing is lost: the relay keeps them on disk with the reason. The others go on.",
          "Look at them with `waypost-relay dead-letters list`; mend and replay, or discard them."};
}

AlertWords oldest_waiting(const AlertDetails& details) {
  const std::string since = details.at ? readable_time(*details.at) : std::string("long ago");
  return {"statements wait too long",
          "The oldest statement for this LRS has waited since " + since + ".",
          "The statements that had waited too long are gone from the queue.", kept(details),
          "See whether the LRS is slow, refuses something, or is away: the relay's log and its "
          "metrics say what it answered."};
}

AlertWords queue_held(const AlertDetails& details) {
  return {"the queue waits for your decision",
          "The url or the api_key of this LRS was changed while statements waited for it. Whether "
          "they belong to the new one, the relay cannot know.",
          "The queue was let go.",
          kept(details) + ' ' + std::to_string(details.amount) +
              " of them are held: they go to nobody until you decide. What came later is sent.",
          "If they are to be sent to the changed LRS, run `waypost-relay destinations release`; if "
          "not, write the former url and api_key back, have the settings read again with SIGHUP, "
          "and run it then."};
}

AlertWords certificate(const AlertDetails& details) {
  const std::string end = details.at ? readable_time(*details.at) : std::string("soon");
  return {"the LRS's certificate ends soon",
          "The certificate of the LRS is valid until " + end + ".",
          "The LRS has a newer certificate.",
          "Nothing is wrong yet. When it has ended, statements wait in the queue until it is "
          "renewed.",
          "Ask whoever runs the LRS to renew it."};
}

AlertWords queue_filling(const AlertDetails& details) {
  return {"the queue of an organisation fills",
          "What waits for the LRS of this organisation takes " + std::to_string(details.amount) +
              " percent of its queue_bytes_max.",
          "The queue has room again.",
          "Nothing is lost: what was acknowledged is on disk. When the queue is full, the relay "
          "refuses new statements of this organisation, and pages keep theirs until it takes them "
          "again.",
          "See why the LRS does not take statements; or write a larger queue_bytes_max, if the "
          "disk has room, and have the settings read again with SIGHUP."};
}

AlertWords disk(const AlertDetails& details) {
  return {"the disk of the store fills",
          "The disk of the store's folder has " + std::to_string(details.amount / kMebibyte) +
              " MiB left.",
          "The disk of the store's folder has room again.",
          "Nothing is lost: what was acknowledged is on disk. When the disk is full, the relay "
          "refuses new statements, and pages keep theirs until it takes them again.",
          "Make room there. If the queue is what grows, see why an LRS does not take statements."};
}

AlertWords ledger(const AlertDetails& details) {
  return {"the books do not balance",
          counted(std::abs(details.amount), "statement") +
              " accepted for this LRS, and what became of them, do not add up. This is a fault of "
              "the relay.",
          "The books balance again.",
          "It is not known whether a statement is missing. Nothing is removed because of this.",
          "Keep a copy of the store's folder and of the log, and report it to Waypost's "
          "developers."};
}

AlertWords of_its_kind(const AlertNotice& notice) {
  switch (notice.key.kind) {
    case AlertKind::Blocked: return blocked(notice.details);
    case AlertKind::Outage: return outage(notice.details);
    case AlertKind::DeadLetters: return dead_letters(notice);
    case AlertKind::OldestWaiting: return oldest_waiting(notice.details);
    case AlertKind::QueueHeld: return queue_held(notice.details);
    case AlertKind::CertificateEnding: return certificate(notice.details);
    case AlertKind::QueueFilling: return queue_filling(notice.details);
    case AlertKind::DiskFilling: return disk(notice.details);
    case AlertKind::LedgerOutOfBalance: return ledger(notice.details);
    case AlertKind::Test: break;
  }
  return {"alerts reach you",
          "Somebody ran `waypost-relay test-alert`.",
          {},
          "Nothing is wrong.",
          "Nothing."};
}

}  // namespace

std::string waiting_words(const AlertDetails& details) {
  if (!details.waiting) return "the statements wait";
  return counted(*details.waiting, "statement") + (*details.waiting == 1 ? " waits" : " wait");
}

AlertWords words_of(const AlertNotice& notice) {
  AlertWords words = of_its_kind(notice);
  if (notice.details.readdressed) {
    words.recovered = "Its url or api_key was changed, so this holds no more.";
  }
  return words;
}

}  // namespace waypost::relay
