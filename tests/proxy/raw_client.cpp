#include "proxy/raw_client.hpp"

#include <algorithm>
#include <array>

#include <sys/socket.h>
#include <sys/time.h>

#include <boost/asio/buffer.hpp>
#include <boost/asio/write.hpp>

namespace waypost::tests {
namespace {

std::string in_lower_case(std::string text) {
  std::transform(text.begin(), text.end(), text.begin(),
                 [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; });
  return text;
}

RawAnswer parse_head(const std::string& head) {
  RawAnswer answer;
  answer.status = std::stoi(head.substr(head.find(' ') + 1, 3));
  std::size_t at = head.find("\r\n") + 2;
  while (at < head.size()) {
    const auto end = head.find("\r\n", at);
    const std::string line = head.substr(at, end - at);
    const auto colon = line.find(':');
    if (colon != std::string::npos) {
      answer.headers[in_lower_case(line.substr(0, colon))] = line.substr(colon + 2);
    }
    at = end + 2;
  }
  return answer;
}

}  // namespace

std::string RawAnswer::header(const std::string& name) const {
  const auto found = headers.find(name);
  return found == headers.end() ? std::string() : found->second;
}

RawClient::RawClient(std::uint16_t port) : socket_(io_) {
  socket_.connect({boost::asio::ip::make_address("127.0.0.1"), port});
  const timeval patience{20, 0};
  ::setsockopt(socket_.native_handle(), SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
}

void RawClient::send(std::string_view bytes) {
  boost::system::error_code the_server_may_have_hung_up;
  boost::asio::write(socket_, boost::asio::buffer(bytes), the_server_may_have_hung_up);
}

bool RawClient::fill() {
  std::array<char, 65536> bytes{};
  const auto got = ::recv(socket_.native_handle(), bytes.data(), bytes.size(), 0);
  if (got <= 0) return false;
  buffer_.append(bytes.data(), static_cast<std::size_t>(got));
  return true;
}

RawAnswer RawClient::read(bool bodiless) {
  std::size_t head_end = std::string::npos;
  while ((head_end = buffer_.find("\r\n\r\n")) == std::string::npos) {
    if (!fill()) return {};
  }
  RawAnswer answer = parse_head(buffer_.substr(0, head_end + 2));
  buffer_.erase(0, head_end + 4);
  const std::string length = answer.header("content-length");
  if (bodiless || answer.status == 100 || answer.status == 204 || answer.status == 304) {
    return answer;
  }
  const std::size_t bytes = length.empty() ? 0 : std::stoul(length);
  while (buffer_.size() < bytes) {
    if (!fill()) return {};
  }
  answer.body = buffer_.substr(0, bytes);
  buffer_.erase(0, bytes);
  return answer;
}

bool RawClient::is_closed() {
  if (!buffer_.empty()) return false;
  std::array<char, 1> byte{};
  const auto got = ::recv(socket_.native_handle(), byte.data(), byte.size(), 0);
  return got == 0 || (got < 0 && errno == ECONNRESET);
}

std::string request_text(std::string_view method, std::string_view target, std::string_view head,
                         std::string_view body) {
  std::string text(method);
  text += ' ';
  text += target;
  text += " HTTP/1.1\r\nHost: relay\r\n";
  text += head;
  text += "Content-Length: " + std::to_string(body.size()) + "\r\n\r\n";
  text += body;
  return text;
}

}  // namespace waypost::tests
