#pragma once
// What OpenID Connect asks of us, as pure functions: the provider's description, the address that a browser is sent to, and what must
// hold of the tokens that come back (OpenID Connect Core 1.0, Discovery 1.0, Back-Channel Logout 1.0, RFC 7636, RFC 9207).

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/result.hpp"
#include "core/time.hpp"

namespace zhili::organise {

inline constexpr std::chrono::seconds provider_clock_tolerance{60};  ///< how far a provider's clock may be from ours
inline constexpr std::chrono::minutes id_token_age_max{10};
inline constexpr std::size_t subject_bytes_max = 255;  ///< OpenID Connect Core 1.0, section 2

/// A provider of sign-on, as the installation names it.
struct Provider {
  std::string code;
  core::Text name;
  std::string issuer;  ///< exactly as the provider writes it
  std::string client_id;
  std::string client_secret;
  std::string login_claim = {};  ///< the claim that holds the login here; empty: only linked accounts
  std::string scope = "openid profile";
};

/// What we need of a provider's description.
struct Discovery {
  std::string authorization_endpoint;
  std::string token_endpoint;
  std::string jwks_uri;
  std::string end_session_endpoint = {};  ///< empty: it has none
  bool secret_in_form = false;            ///< client_secret_post; else client_secret_basic
  bool names_itself = false;              ///< its answers carry `iss` (RFC 9207)
};

/// `issuer` + "/.well-known/openid-configuration".
std::string discovery_url(std::string_view issuer);

/// Errors: invalid, key "sign_on.discovery": not for this issuer, an endpoint without TLS (but on this machine), no code flow, none of
/// our algorithms, no S256.
core::Result<Discovery> read_discovery(std::string_view json, std::string_view issuer);

/// What ties one sign-on together; each of its words is random.
struct Attempt {
  std::string state;
  std::string nonce;
  std::string verifier;  ///< of PKCE
};

/// Where the browser goes. `again`: the provider is to ask for the password even if it knows the person, and to say when it did.
std::string authorization_url(Discovery const& discovery, Provider const& provider, Attempt const& attempt,
                              std::string_view redirect_uri, bool again);

/// The body of the request that turns a code into tokens.
std::string token_form(Discovery const& discovery, Provider const& provider, std::string_view code, std::string_view verifier,
                       std::string_view redirect_uri);
/// "Basic …", or empty where the secret is in the form.
std::string token_authorization(Discovery const& discovery, Provider const& provider);

/// Where the browser goes to end the provider's session too; empty where it has no such place. `id_token` may be empty.
std::string logout_url(Discovery const& discovery, Provider const& provider, std::string_view back, std::string_view id_token);

/// What an ID token or a logout token says; not yet believed.
struct Claims {
  std::string issuer, subject, nonce, azp, session, id, login;
  std::vector<std::string> audience;
  std::optional<core::Instant> issued_at, expires_at, not_before, auth_time;
  bool ends_sessions = false;  ///< has the event of back-channel logout
};

/// Errors: invalid "sign_on.token". `login_claim` names the claim that goes to `login`.
core::Result<Claims> read_claims(std::string_view json, std::string_view login_claim);

/// Errors: invalid "sign_on.token", the reason in `detail`: another issuer or audience, not the nonce that was sent, past its time or
/// before it, too old, no subject.
core::Result<> check_id_token(Claims const& claims, Provider const& provider, std::string_view nonce, core::Instant now);

/// The same for a logout token; the caller remembers `id`, so that it is good once.
core::Result<> check_logout_token(Claims const& claims, Provider const& provider, core::Instant now);

/// `id_token` of a token endpoint's answer. Errors: invalid "sign_on.token".
core::Result<std::string> read_token_answer(std::string_view json);

}  // namespace zhili::organise
