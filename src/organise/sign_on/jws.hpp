#pragma once
// Signed tokens (RFC 7515) and the keys that they are checked with (RFC 7517), in the two algorithms that we take: ES256 and RS256.
// Everything else — "none", HMAC with the client's secret, keys inside the token — is refused before anything is computed. Pure.

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "core/result.hpp"

struct evp_pkey_st;

namespace zhili::organise {

inline constexpr std::size_t token_bytes_max = 16 * 1024;
inline constexpr std::size_t signing_keys_max = 50;  ///< of one provider; more are not looked at
inline constexpr int rsa_bits_min = 2'048;
inline constexpr int rsa_bits_max = 8'192;

enum class Algorithm : std::uint8_t { es256, rs256 };

/// A public key of a provider.
struct SigningKey {
  std::string kid;  ///< may be empty
  Algorithm algorithm{};
  std::shared_ptr<evp_pkey_st> key;
};

/// The refusal of a token: the same words for every reason, which goes to the log only, in one line.
tl::unexpected<core::Error> bad_token(std::string why);

/// The keys of a JWK set that can check a signature; others in it (for encryption, of another kind, too short, broken) are left out.
/// Errors: invalid (no JSON, no `keys`).
core::Result<std::vector<SigningKey>> read_keys(std::string_view jwks);

/// A token that was taken apart; nothing of it is true before signed_by() says so.
struct Jws {
  Algorithm algorithm{};
  std::string kid;      ///< may be empty
  std::string type;     ///< "JWT", "logout+jwt"; may be empty
  std::string payload;  ///< JSON
  std::string signed_part;
  std::string signature;
};

/// Errors: invalid, key "sign_on.token": not of the form, another algorithm, or a header that must be understood and is not (`crit`).
core::Result<Jws> read_jws(std::string_view compact);

/// Whether one of the keys made the signature. A token without a kid is checked against all keys of its algorithm.
bool signed_by(Jws const& token, std::vector<SigningKey> const& keys);

}  // namespace zhili::organise
