#pragma once
// Secrets of devices: made here, shown once, kept as keyed hashes. And the codes that stand on boxes.

#include <array>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "core/result.hpp"

namespace zhili::sense::devices {

/// With which secrets are hashed: the installation's own, from its store of keys. Whoever has only a copy of the records can neither
/// check a guess nor make a hash that passes.
using SecretKey = std::array<unsigned char, 32>;

/// 128 bits of BLAKE2b, keyed.
using SecretHash = std::array<unsigned char, 16>;
struct SecretHashOf {
  std::size_t operator()(SecretHash const& hash) const;
};

inline constexpr std::string_view token_prefix = "zd_";     ///< of a token
inline constexpr std::string_view password_prefix = "zm_";  ///< of a password for MQTT
inline constexpr std::string_view announce_prefix = "za_";  ///< of what a device announces itself with
inline constexpr std::size_t secret_bytes_max = 64;         ///< longer ones are none of ours

/// A new secret: the prefix and 43 characters, 258 random bits.
std::string new_secret(std::string_view prefix);
SecretHash secret_hash(SecretKey const& key, std::string_view secret);
/// "blake2b-128:" and 32 hex digits: the suite stands beside the hash.
std::string stored_hash(SecretHash const& hash);
/// Nothing if the suite or the form is not known.
std::optional<SecretHash> hash_from(std::string_view stored);

// ---- claim codes ----------------------------------------------------------------------------------------------------------------

/// Characters of a code, the check character among them: 55 random bits, as three groups of four on the box.
inline constexpr std::size_t claim_code_characters = 12;

/// A new code: "K7QF-2M9X-RT4C". Digits and capital letters without I, L, O and U; the last is a check character over the others, a
/// weighted sum in the field of 32 elements, which finds every wrong character and every pair of exchanged ones.
std::string new_claim_code();
/// What somebody read from a box, as it is kept: capitals without blanks and hyphens; O is 0, I and L are 1. Errors: invalid (`field`
/// code): too short, a character that no code has, or the check character is not that of the others.
core::Result<std::string> checked_claim_code(std::string_view written);

}  // namespace zhili::sense::devices
