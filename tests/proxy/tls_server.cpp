#include "proxy/tls_server.hpp"

#include <array>
#include <stdexcept>
#include <utility>

#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>

#include <boost/asio/write.hpp>

namespace waypost::tests {
namespace {

namespace asio = boost::asio;
using asio::ip::tcp;

std::string text_of(BIO* bio) {
  char* data = nullptr;
  const long size = BIO_get_mem_data(bio, &data);
  return {data, static_cast<std::size_t>(size)};
}

void add_extension(X509* certificate, int kind, const std::string& value) {
  const std::unique_ptr<X509_EXTENSION, decltype(&X509_EXTENSION_free)> extension(
      X509V3_EXT_conf_nid(nullptr, nullptr, kind, value.c_str()), &X509_EXTENSION_free);
  if (!extension || X509_add_ext(certificate, extension.get(), -1) != 1) {
    throw std::runtime_error("X509_add_ext");
  }
}

bool is_address(const std::string& host) {
  return host.find_first_not_of("0123456789.") == std::string::npos;
}

// A client that has come: greets, hears it out, answers.
struct TlsClient : std::enable_shared_from_this<TlsClient> {
  TlsClient(tcp::socket socket, asio::ssl::context& tls) : stream(std::move(socket), tls) {}

  void serve() {
    stream.async_handshake(asio::ssl::stream_base::server,
                           [self = shared_from_this()](const boost::system::error_code& failed) {
                             if (!failed) self->hear();
                           });
  }

  void hear() {
    stream.async_read_some(
        asio::buffer(asked),
        [self = shared_from_this()](const boost::system::error_code& failed, std::size_t) {
          if (!failed) self->answer();
        });
  }

  void answer() {
    static const std::string kAnswer = "HTTP/1.1 204 No Content\r\nConnection: close\r\n\r\n";
    asio::async_write(
        stream, asio::buffer(kAnswer),
        [self = shared_from_this()](const boost::system::error_code&, std::size_t) {});
  }

  asio::ssl::stream<tcp::socket> stream;
  std::array<char, 65'536> asked{};
};

}  // namespace

Certificate make_certificate(const CertificateTerms& terms) {
  const std::unique_ptr<EVP_PKEY, decltype(&EVP_PKEY_free)> key(EVP_EC_gen("P-256"),
                                                                &EVP_PKEY_free);
  const std::unique_ptr<X509, decltype(&X509_free)> certificate(X509_new(), &X509_free);
  X509_set_version(certificate.get(), X509_VERSION_3);
  ASN1_INTEGER_set(X509_get_serialNumber(certificate.get()), 1);
  X509_gmtime_adj(X509_getm_notBefore(certificate.get()), terms.valid_from_s);
  X509_gmtime_adj(X509_getm_notAfter(certificate.get()), terms.valid_until_s);
  X509_NAME* const name = X509_get_subject_name(certificate.get());
  X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_UTF8,
                             reinterpret_cast<const unsigned char*>(terms.host.c_str()), -1, -1, 0);
  X509_set_issuer_name(certificate.get(), name);
  X509_set_pubkey(certificate.get(), key.get());
  add_extension(certificate.get(), NID_basic_constraints, "critical,CA:TRUE");
  add_extension(certificate.get(), NID_subject_alt_name,
                (is_address(terms.host) ? "IP:" : "DNS:") + terms.host);
  if (X509_sign(certificate.get(), key.get(), EVP_sha256()) == 0) {
    throw std::runtime_error("X509_sign");
  }
  const std::unique_ptr<BIO, decltype(&BIO_free_all)> certificate_text(BIO_new(BIO_s_mem()),
                                                                       &BIO_free_all);
  const std::unique_ptr<BIO, decltype(&BIO_free_all)> key_text(BIO_new(BIO_s_mem()), &BIO_free_all);
  PEM_write_bio_X509(certificate_text.get(), certificate.get());
  PEM_write_bio_PrivateKey(key_text.get(), key.get(), nullptr, nullptr, 0, nullptr, nullptr);
  return {text_of(certificate_text.get()), text_of(key_text.get())};
}

TlsServer::TlsServer(const Certificate& certificate)
    : acceptor_(io_, tcp::endpoint(asio::ip::make_address("127.0.0.1"), 0)) {
  tls_.use_certificate(asio::buffer(certificate.certificate), asio::ssl::context::pem);
  tls_.use_private_key(asio::buffer(certificate.key), asio::ssl::context::pem);
  accept();
  thread_ = std::thread([this] { io_.run(); });
}

TlsServer::~TlsServer() {
  io_.stop();
  thread_.join();
}

void TlsServer::accept() {
  acceptor_.async_accept([this](const boost::system::error_code& failed, tcp::socket socket) {
    if (failed) return;
    std::make_shared<TlsClient>(std::move(socket), tls_)->serve();
    accept();
  });
}

}  // namespace waypost::tests
