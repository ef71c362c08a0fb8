#pragma once
// What a browser and an authenticator say when a passkey is made or used (W3C WebAuthn Level 2), checked. Pure: the challenge and what
// is stored come from outside. The signatures are libfido2's work.

#include <cstdint>
#include <string>
#include <string_view>

#include "core/result.hpp"

namespace zhili::organise {

inline constexpr std::size_t credential_bytes_max = 1'023;  ///< WebAuthn Level 2, section 4
inline constexpr std::size_t client_data_bytes_max = 4'096;
inline constexpr std::size_t authenticator_data_bytes_max = 8'192;

/// COSE's numbers of the algorithms that we take.
enum class CoseAlgorithm : std::int32_t { es256 = -7, eddsa = -8, rs256 = -257 };

/// Where passkeys belong: "city.example.org" and "https://city.example.org". On "localhost" any port will do, because a machine for
/// trying things has no name.
struct RelyingParty {
  std::string id;
  std::string origin;
};

/// What the browser sends, as bytes.
struct Registration {
  std::string client_data;         ///< clientDataJSON
  std::string authenticator_data;  ///< with the new credential in it
};
struct Assertion {
  std::string credential;
  std::string client_data;
  std::string authenticator_data;
  std::string signature;
  std::string user = {};  ///< the handle that was given when it was made
};

/// A passkey as it is kept.
struct Credential {
  std::string id;
  CoseAlgorithm algorithm{};
  std::string public_key;  ///< as libfido2 gives and takes it
  std::uint32_t sign_count = 0;
};

/// The challenge that the client data names, as base64url, so that it can be looked up; what else it says is checked later.
/// Errors: invalid "passkey.form".
core::Result<std::string> challenge_of(std::string_view client_data);

/// The new credential. No statement about the authenticator's make is asked for, and none is looked at. Errors: invalid "passkey.form";
/// forbidden "passkey.proof", the reason in `detail`: of another kind, for another site, without presence or verification of the user, an
/// algorithm that we do not take.
core::Result<Credential> check_registration(Registration const& said, RelyingParty const& party, std::string_view challenge);

/// The new sign count. Errors: forbidden "passkey.proof": as above, or a wrong signature, or a count that went back: a copy of the
/// key is in use.
core::Result<std::uint32_t> check_assertion(Assertion const& said, Credential const& known, RelyingParty const& party,
                                            std::string_view challenge);

}  // namespace zhili::organise
