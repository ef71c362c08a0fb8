#include <openssl/pem.h>
#include <openssl/ssl.h>
#include <openssl/x509.h>

#include <cstdio>

#include "web/transport/test_certificate.hpp"

namespace zhili::web::test {

void make_certificate(std::string const& name, TlsFiles const& to) {
  auto* const key = EVP_EC_gen("P-256");
  auto* const certificate = X509_new();
  ASN1_INTEGER_set(X509_get_serialNumber(certificate), 1);
  X509_gmtime_adj(X509_getm_notBefore(certificate), 0);
  X509_gmtime_adj(X509_getm_notAfter(certificate), 3600);
  X509_set_pubkey(certificate, key);
  auto* const subject = X509_get_subject_name(certificate);
  X509_NAME_add_entry_by_txt(subject, "CN", MBSTRING_ASC,
                             reinterpret_cast<unsigned char const*>(name.c_str()), -1, -1, 0);
  X509_set_issuer_name(certificate, subject);
  X509_sign(certificate, key, EVP_sha256());
  auto* const crt = std::fopen(to.certificate.c_str(), "w");
  PEM_write_X509(crt, certificate);
  std::fclose(crt);
  auto* const pem = std::fopen(to.key.c_str(), "w");
  PEM_write_PrivateKey(pem, key, nullptr, nullptr, 0, nullptr, nullptr);
  std::fclose(pem);
  X509_free(certificate);
  EVP_PKEY_free(key);
}

}  // namespace zhili::web::test
