#include "proxy/ingest/fingerprint.hpp"

#include <algorithm>
#include <memory>
#include <new>

#include <openssl/evp.h>

#include "waypost/statement/equality.hpp"

namespace waypost::relay {
namespace {

struct ContextFreer {
  void operator()(EVP_MD_CTX* context) const { EVP_MD_CTX_free(context); }
};

// Fetched once: OpenSSL 3 looks the algorithm up anew for each digest otherwise.
const EVP_MD* sha_256() {
  static const EVP_MD* const algorithm = EVP_MD_fetch(nullptr, "SHA2-256", nullptr);
  return algorithm;
}

}  // namespace

Fingerprint fingerprint_of(std::string_view text) {
  thread_local const std::unique_ptr<EVP_MD_CTX, ContextFreer> context(EVP_MD_CTX_new());
  Fingerprint fingerprint{};
  if (!context || EVP_DigestInit_ex2(context.get(), sha_256(), nullptr) != 1 ||
      EVP_DigestUpdate(context.get(), text.data(), text.size()) != 1 ||
      EVP_DigestFinal_ex(context.get(), fingerprint.data(), nullptr) != 1) {
    throw std::bad_alloc();  // SHA-256 fails for want of memory only
  }
  return fingerprint;
}

Meaning meaning_of(std::string_view statement) {
  const Fingerprint whole = fingerprint_of(statement::comparable(statement));
  Meaning meaning{};
  std::copy_n(whole.begin(), meaning.size(), meaning.begin());
  return meaning;
}

}  // namespace waypost::relay
