#include "proxy/lrs_client/failure.hpp"

namespace waypost::relay {
namespace {

using delivery::Failure;

// A connection that breaks during the handshake says nothing about certificates. Libcurl gives both
// the same number.
Failure failure_of_handshake(std::string_view text) {
  for (const std::string_view cut : {"SSL_ERROR_SYSCALL", "reset by peer", "Broken pipe"}) {
    if (text.find(cut) != std::string_view::npos) return Failure::Reset;
  }
  return Failure::Tls;
}

}  // namespace

Failure failure_of(CURLcode result, std::string_view text) {
  switch (result) {
    case CURLE_OPERATION_TIMEDOUT: return Failure::Timeout;
    case CURLE_COULDNT_CONNECT: return Failure::Refused;
    case CURLE_COULDNT_RESOLVE_HOST: return Failure::Dns;
    case CURLE_SEND_ERROR:
    case CURLE_RECV_ERROR:
    case CURLE_GOT_NOTHING:
    case CURLE_PARTIAL_FILE: return Failure::Reset;
    case CURLE_SSL_CONNECT_ERROR: return failure_of_handshake(text);
    case CURLE_PEER_FAILED_VERIFICATION:
    case CURLE_SSL_CERTPROBLEM:
    case CURLE_SSL_CIPHER:
    case CURLE_SSL_CACERT_BADFILE:
    case CURLE_SSL_ISSUER_ERROR:
    case CURLE_SSL_INVALIDCERTSTATUS: return Failure::Tls;
    default: return Failure::Network;
  }
}

}  // namespace waypost::relay
