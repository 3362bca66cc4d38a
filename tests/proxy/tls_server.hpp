#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <thread>

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ssl.hpp>

namespace waypost::tests {

// What a certificate of a test server says.
struct CertificateTerms {
  std::string host = "127.0.0.1";
  long valid_from_s = -3600;  // from now
  long valid_until_s = 3600;
};

// A self-signed certificate and its key, as PEM.
struct Certificate {
  std::string certificate;
  std::string key;
};

Certificate make_certificate(const CertificateTerms& terms);

// Answers every request over TLS with 204.
class TlsServer {
 public:
  explicit TlsServer(const Certificate& certificate);
  TlsServer(const TlsServer&) = delete;
  TlsServer& operator=(const TlsServer&) = delete;
  ~TlsServer();

  std::uint16_t port() const { return acceptor_.local_endpoint().port(); }

 private:
  void accept();

  boost::asio::io_context io_;
  boost::asio::ssl::context tls_{boost::asio::ssl::context::tls_server};
  boost::asio::ip::tcp::acceptor acceptor_;
  std::thread thread_;
};

}  // namespace waypost::tests
