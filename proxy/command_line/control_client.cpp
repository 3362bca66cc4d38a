#include "proxy/command_line/control_client.hpp"

#include <memory>
#include <utility>

#include <curl/curl.h>

#include "waypost/limits.hpp"

namespace waypost::relay {
namespace {

constexpr long kConnectMaxMs = 5'000;
constexpr long kAnswerMaxMs = 120'000;  // filters read every dead letter there is
// A page of whole statements as JSON strings.
constexpr std::size_t kAnswerBytesMax =
    4 * limits::kDeadLettersExportedMax * limits::kStatementBytesMax;

struct Freer {
  void operator()(CURL* handle) const { curl_easy_cleanup(handle); }

  void operator()(curl_slist* list) const { curl_slist_free_all(list); }
};

std::size_t take(const char* data, std::size_t size, std::size_t count, void* to) {
  auto& text = *static_cast<std::string*>(to);
  if (text.size() + size * count > kAnswerBytesMax) return 0;
  text.append(data, size * count);
  return size * count;
}

}  // namespace

ControlClient::ControlClient(std::filesystem::path store_folder)
    : folder_(std::move(store_folder)) {}

ControlClient::Answer ControlClient::ask(const std::string& path,
                                         const nlohmann::json& question) const {
  const std::unique_ptr<CURL, Freer> handle(curl_easy_init());
  const std::unique_ptr<curl_slist, Freer> headers(
      curl_slist_append(nullptr, "Content-Type: application/json"));
  if (!handle || !headers) return {{}, "there is no memory", {}};
  const std::string socket = (folder_ / "control").string();
  const std::string url = "http://relay" + path;
  const std::string body = question.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
  std::string text;
  curl_easy_setopt(handle.get(), CURLOPT_UNIX_SOCKET_PATH, socket.c_str());
  curl_easy_setopt(handle.get(), CURLOPT_URL, url.c_str());
  curl_easy_setopt(handle.get(), CURLOPT_HTTPHEADER, headers.get());
  curl_easy_setopt(handle.get(), CURLOPT_POSTFIELDSIZE_LARGE, static_cast<curl_off_t>(body.size()));
  curl_easy_setopt(handle.get(), CURLOPT_POSTFIELDS, body.data());
  curl_easy_setopt(handle.get(), CURLOPT_CONNECTTIMEOUT_MS, kConnectMaxMs);
  curl_easy_setopt(handle.get(), CURLOPT_TIMEOUT_MS, kAnswerMaxMs);
  curl_easy_setopt(handle.get(), CURLOPT_NOSIGNAL, 1L);
  curl_easy_setopt(handle.get(), CURLOPT_PROXY, "");  // whatever the environment says
  curl_easy_setopt(handle.get(), CURLOPT_WRITEFUNCTION, take);
  curl_easy_setopt(handle.get(), CURLOPT_WRITEDATA, &text);
  const CURLcode code = curl_easy_perform(handle.get());
  if (code == CURLE_COULDNT_CONNECT) {
    return {
        {}, "no relay runs with the store " + folder_.string() + ", or it is another user's", {}};
  }
  if (code != CURLE_OK) {
    return {{}, std::string("the relay does not answer: ") + curl_easy_strerror(code), {}};
  }
  auto answer = nlohmann::json::parse(text, nullptr, false);
  if (!answer.is_object()) return {{}, "the relay's answer cannot be read", {}};
  const auto error = answer.find("error");
  if (error == answer.end()) return {std::move(answer), {}, {}};
  const auto message = error->find("message");
  const bool has_message = message != error->end() && message->is_string();
  std::string sentence = has_message ? message->get<std::string>() : "the relay refused it";
  return {{}, std::move(sentence), std::move(answer)};
}

}  // namespace waypost::relay
