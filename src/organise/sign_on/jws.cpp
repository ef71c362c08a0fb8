#include "organise/sign_on/jws.hpp"

#include <fmt/format.h>
#include <openssl/bn.h>
#include <openssl/core_names.h>
#include <openssl/ecdsa.h>
#include <openssl/evp.h>
#include <openssl/param_build.h>

#include <algorithm>
#include <boost/json.hpp>
#include <optional>

#include "organise/sign_on/base64url.hpp"
#include "organise/sign_on/json_object.hpp"

namespace zhili::organise {

using core::Errc;
using core::fail;
namespace json = boost::json;

namespace {

constexpr std::size_t p256_bytes = 32;
constexpr std::size_t reason_bytes_max = 200;

template <auto free>
struct Freed {
  template <class T>
  void operator()(T* it) const {
    free(it);
  }
};
using Number = std::unique_ptr<BIGNUM, Freed<BN_free>>;
using Build = std::unique_ptr<OSSL_PARAM_BLD, Freed<OSSL_PARAM_BLD_free>>;
using Params = std::unique_ptr<OSSL_PARAM, Freed<OSSL_PARAM_free>>;
using KeyContext = std::unique_ptr<EVP_PKEY_CTX, Freed<EVP_PKEY_CTX_free>>;
using Digest = std::unique_ptr<EVP_MD_CTX, Freed<EVP_MD_CTX_free>>;
using EcSignature = std::unique_ptr<ECDSA_SIG, Freed<ECDSA_SIG_free>>;
using Key = std::shared_ptr<EVP_PKEY>;

unsigned char const* bytes(std::string_view text) { return reinterpret_cast<unsigned char const*>(text.data()); }

Number number(std::string_view big_endian) { return Number(BN_bin2bn(bytes(big_endian), static_cast<int>(big_endian.size()), nullptr)); }

Key key_from(char const* kind, OSSL_PARAM_BLD* build) {
  Params const params(OSSL_PARAM_BLD_to_param(build));
  KeyContext const context(EVP_PKEY_CTX_new_from_name(nullptr, kind, nullptr));
  EVP_PKEY* key = nullptr;
  if (!params || !context || EVP_PKEY_fromdata_init(context.get()) <= 0 ||
      EVP_PKEY_fromdata(context.get(), &key, EVP_PKEY_PUBLIC_KEY, params.get()) <= 0)
    return nullptr;
  Key out(key, EVP_PKEY_free);
  KeyContext const check(EVP_PKEY_CTX_new_from_pkey(nullptr, key, nullptr));
  return check && EVP_PKEY_public_check(check.get()) > 0 ? out : nullptr;  // a point that is not on the curve
}

Key rsa_key(json::object const& jwk) {
  auto const n = from_base64url(text(jwk, "n"));
  auto const e = from_base64url(text(jwk, "e"));
  if (!n || !e || n->size() * 8 > rsa_bits_max || e->size() > 8) return nullptr;
  auto const modulus = number(*n);
  auto const exponent = number(*e);
  if (!modulus || !exponent || BN_num_bits(modulus.get()) < rsa_bits_min || !BN_is_odd(exponent.get()) || BN_is_one(exponent.get()))
    return nullptr;
  Build const build(OSSL_PARAM_BLD_new());
  if (!build || !OSSL_PARAM_BLD_push_BN(build.get(), OSSL_PKEY_PARAM_RSA_N, modulus.get()) ||
      !OSSL_PARAM_BLD_push_BN(build.get(), OSSL_PKEY_PARAM_RSA_E, exponent.get()))
    return nullptr;
  return key_from("RSA", build.get());
}

Key p256_key(json::object const& jwk) {
  auto const x = from_base64url(text(jwk, "x"));
  auto const y = from_base64url(text(jwk, "y"));
  if (text(jwk, "crv") != "P-256" || !x || !y || x->size() != p256_bytes || y->size() != p256_bytes) return nullptr;
  auto const point = "\x04" + *x + *y;  // uncompressed
  Build const build(OSSL_PARAM_BLD_new());
  if (!build || !OSSL_PARAM_BLD_push_utf8_string(build.get(), OSSL_PKEY_PARAM_GROUP_NAME, "prime256v1", 0) ||
      !OSSL_PARAM_BLD_push_octet_string(build.get(), OSSL_PKEY_PARAM_PUB_KEY, point.data(), point.size()))
    return nullptr;
  return key_from("EC", build.get());
}

std::optional<Algorithm> algorithm_from(std::string_view name) {
  if (name == "ES256") return Algorithm::es256;
  if (name == "RS256") return Algorithm::rs256;
  return std::nullopt;
}

std::optional<SigningKey> signing_key(json::object const& jwk) {
  auto const kind = text(jwk, "kty");
  auto const use = text(jwk, "use");
  if (!use.empty() && use != "sig") return std::nullopt;
  SigningKey out{.kid = text(jwk, "kid"), .algorithm = {}, .key = {}};
  if (kind == "RSA") out = {out.kid, Algorithm::rs256, rsa_key(jwk)};
  if (kind == "EC") out = {out.kid, Algorithm::es256, p256_key(jwk)};
  if (!out.key) return std::nullopt;
  auto const said = text(jwk, "alg");
  if (!said.empty() && algorithm_from(said) != out.algorithm) return std::nullopt;
  return out;
}

/// JWS has r and s one after the other, OpenSSL wants them in DER.
std::string to_der(std::string_view raw) {
  if (raw.size() != 2 * p256_bytes) return {};
  auto r = number(raw.substr(0, p256_bytes));
  auto s = number(raw.substr(p256_bytes));
  EcSignature const signature(ECDSA_SIG_new());
  if (!r || !s || !signature || !ECDSA_SIG_set0(signature.get(), r.get(), s.get())) return {};
  static_cast<void>(r.release());
  static_cast<void>(s.release());
  unsigned char* der = nullptr;
  int const size = i2d_ECDSA_SIG(signature.get(), &der);
  if (size <= 0) return {};
  std::string out(reinterpret_cast<char const*>(der), static_cast<std::size_t>(size));
  OPENSSL_free(der);
  return out;
}

bool fits(Jws const& token, SigningKey const& key) {
  auto const signature = token.algorithm == Algorithm::es256 ? to_der(token.signature) : token.signature;
  Digest const digest(EVP_MD_CTX_new());
  return !signature.empty() && digest && EVP_DigestVerifyInit(digest.get(), nullptr, EVP_sha256(), nullptr, key.key.get()) == 1 &&
         EVP_DigestVerify(digest.get(), bytes(signature), signature.size(), bytes(token.signed_part), token.signed_part.size()) == 1;
}

bool may_fit(Jws const& token, SigningKey const& key) {
  return key.algorithm == token.algorithm && (token.kid.empty() || key.kid.empty() || key.kid == token.kid);
}

}  // namespace

tl::unexpected<core::Error> bad_token(std::string why) {
  why.resize(std::min(why.size(), reason_bytes_max));
  std::ranges::replace_if(why, [](unsigned char c) { return c < 0x20 || c == 0x7F; }, ' ');  // some of it is the sender's
  return fail(Errc::invalid, "sign_on.token",
              {"身份提供方给的令牌不对，没有登录。请重试；如果还这样，请告诉管理员。",
               "The token of the identity provider is not right, so nobody was signed in. Try again; if it stays so, tell an administrator."},
              {}, std::move(why));
}

core::Result<std::vector<SigningKey>> read_keys(std::string_view jwks) {
  auto const set = read_object(jwks);
  auto const* keys = set ? set->if_contains("keys") : nullptr;
  if (!keys || !keys->is_array())
    return fail(Errc::invalid, "sign_on.keys", {"身份提供方的密钥集读不懂。", "The key set of the identity provider cannot be read."});
  std::vector<SigningKey> out;
  for (auto const& one : keys->as_array()) {
    if (out.size() == signing_keys_max) break;
    if (!one.is_object()) continue;
    if (auto key = signing_key(one.as_object())) out.push_back(std::move(*key));
  }
  return out;
}

core::Result<Jws> read_jws(std::string_view compact) {
  auto const first = compact.find('.');
  auto const second = compact.find('.', first + 1);
  if (compact.size() > token_bytes_max || first == std::string_view::npos || second == std::string_view::npos ||
      compact.find('.', second + 1) != std::string_view::npos)
    return bad_token("not three parts");
  auto const head = from_base64url(compact.substr(0, first));
  auto payload = from_base64url(compact.substr(first + 1, second - first - 1));
  auto signature = from_base64url(compact.substr(second + 1));
  auto const said = head ? read_object(*head) : std::nullopt;
  if (!said || !payload || !signature) return bad_token("not base64url of JSON");
  auto const algorithm = algorithm_from(text(*said, "alg"));
  if (!algorithm) return bad_token(fmt::format("algorithm {}", text(*said, "alg")));
  if (said->contains("crit")) return bad_token("crit");
  return Jws{*algorithm,          text(*said, "kid"),  text(*said, "typ"),
             std::move(*payload), std::string(compact.substr(0, second)), std::move(*signature)};
}

bool signed_by(Jws const& token, std::vector<SigningKey> const& keys) {
  return std::ranges::any_of(keys, [&](auto const& key) { return may_fit(token, key) && fits(token, key); });
}

}  // namespace zhili::organise
