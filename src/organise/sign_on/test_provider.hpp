#pragma once
// A provider of sign-on for tests, without a network: it makes keys and signs whatever it is told to.

#include <openssl/bn.h>
#include <openssl/ec.h>
#include <openssl/ecdsa.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <openssl/rsa.h>

#include <boost/json.hpp>
#include <memory>
#include <string>
#include <vector>

#include "organise/sign_on/base64url.hpp"
#include "organise/sign_on/jws.hpp"

namespace zhili::organise::forge {

namespace json = boost::json;
using Key = std::shared_ptr<EVP_PKEY>;

inline Key new_key(Algorithm algorithm, std::size_t rsa_bits = 2'048) {
  return {algorithm == Algorithm::es256 ? EVP_EC_gen("P-256") : EVP_RSA_gen(rsa_bits), EVP_PKEY_free};
}

inline std::string number_of(Key const& key, char const* name, int pad_bytes = 0) {
  BIGNUM* number = nullptr;
  EVP_PKEY_get_bn_param(key.get(), name, &number);
  std::string out(static_cast<std::size_t>(pad_bytes ? pad_bytes : BN_num_bytes(number)), '\0');
  BN_bn2binpad(number, reinterpret_cast<unsigned char*>(out.data()), static_cast<int>(out.size()));
  BN_free(number);
  return out;
}

inline json::object jwk(Key const& key, Algorithm algorithm, std::string_view kid) {
  if (algorithm == Algorithm::es256)
    return {{"kty", "EC"}, {"crv", "P-256"}, {"kid", kid}, {"use", "sig"}, {"x", to_base64url(number_of(key, "qx", 32))}, {"y", to_base64url(number_of(key, "qy", 32))}};
  return {{"kty", "RSA"}, {"kid", kid}, {"alg", "RS256"}, {"n", to_base64url(number_of(key, "n"))}, {"e", to_base64url(number_of(key, "e"))}};
}

inline std::string jwks(std::vector<json::object> const& keys) {
  return json::serialize(json::object{{"keys", json::array(keys.begin(), keys.end())}});
}

inline std::string signature_of(Key const& key, std::string_view bytes, bool as_der = false) {
  std::unique_ptr<EVP_MD_CTX, void (*)(EVP_MD_CTX*)> const digest(EVP_MD_CTX_new(), EVP_MD_CTX_free);
  auto const* data = reinterpret_cast<unsigned char const*>(bytes.data());
  std::size_t size = 0;
  EVP_DigestSignInit(digest.get(), nullptr, EVP_sha256(), nullptr, key.get());
  EVP_DigestSign(digest.get(), nullptr, &size, data, bytes.size());
  std::string out(size, '\0');
  EVP_DigestSign(digest.get(), reinterpret_cast<unsigned char*>(out.data()), &size, data, bytes.size());
  out.resize(size);
  if (as_der || EVP_PKEY_get_base_id(key.get()) != EVP_PKEY_EC) return out;
  auto const* der = reinterpret_cast<unsigned char const*>(out.data());
  auto* const pair = d2i_ECDSA_SIG(nullptr, &der, static_cast<long>(out.size()));
  std::string raw(64, '\0');
  BN_bn2binpad(ECDSA_SIG_get0_r(pair), reinterpret_cast<unsigned char*>(raw.data()), 32);
  BN_bn2binpad(ECDSA_SIG_get0_s(pair), reinterpret_cast<unsigned char*>(raw.data() + 32), 32);
  ECDSA_SIG_free(pair);
  return raw;
}

inline std::string unsigned_token(json::object const& header, json::object const& payload) {
  return to_base64url(json::serialize(header)) + "." + to_base64url(json::serialize(payload));
}

inline std::string token(json::object const& header, json::object const& payload, Key const& key) {
  auto const body = unsigned_token(header, payload);
  return body + "." + to_base64url(signature_of(key, body));
}

/// What confuses careless checkers: a "signature" by HMAC, with the public key's own text as its secret.
inline std::string hmac_token(json::object const& header, json::object const& payload, std::string_view secret) {
  auto const body = unsigned_token(header, payload);
  unsigned char out[32];
  unsigned size = 0;
  HMAC(EVP_sha256(), secret.data(), static_cast<int>(secret.size()), reinterpret_cast<unsigned char const*>(body.data()), body.size(), out, &size);
  return body + "." + to_base64url({reinterpret_cast<char const*>(out), size});
}

}  // namespace zhili::organise::forge
