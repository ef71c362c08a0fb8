#include "organise/sign_on/oidc.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <boost/json.hpp>

#include "organise/people/sessions.hpp"
#include "organise/sign_on/base64url.hpp"
#include "organise/sign_on/json_object.hpp"
#include "organise/sign_on/jws.hpp"
#include "store/digest.hpp"

namespace zhili::organise {

using core::Errc;
using core::fail;
namespace json = boost::json;

namespace {

constexpr std::string_view logout_event = "http://schemas.openid.net/event/backchannel-logout";

bool flag(json::object const& object, std::string_view name) {
  auto const* found = object.if_contains(name);
  return found && found->is_bool() && found->as_bool();
}

/// Whether a list has a word; `otherwise` where there is no list.
bool lists(json::object const& object, std::string_view name, std::string_view word, bool otherwise) {
  auto const* found = object.if_contains(name);
  if (!found || !found->is_array()) return otherwise;
  return std::ranges::any_of(found->as_array(), [&](auto const& one) { return one.is_string() && std::string_view(one.as_string()) == word; });
}

/// Seconds since 1970, perhaps with a fraction.
std::optional<core::Instant> time(json::object const& object, std::string_view name) {
  constexpr double latest_s = 253'402'300'799;  // the end of the year 9999
  auto const* found = object.if_contains(name);
  if (!found || !found->is_number()) return std::nullopt;
  auto const seconds = found->to_number<double>();
  if (!(seconds >= 0 && seconds <= latest_s)) return std::nullopt;
  return core::from_ms(static_cast<std::int64_t>(seconds * 1000));
}

/// TLS, or a provider on this very machine.
bool is_safe(std::string_view url) {
  if (url.starts_with("https://")) return url.size() > 8;
  for (std::string_view const here : {"http://127.0.0.1", "http://localhost", "http://[::1]"})
    if (url.starts_with(here) && (url.size() == here.size() || url[here.size()] == ':' || url[here.size()] == '/')) return true;
  return false;
}

std::string percent(std::string_view text) {
  std::string out;
  for (char const c : text) {
    auto const byte = static_cast<unsigned char>(c);
    bool const plain = (byte >= 'a' && byte <= 'z') || (byte >= 'A' && byte <= 'Z') || (byte >= '0' && byte <= '9') || c == '-' ||
                       c == '.' || c == '_' || c == '~';
    if (plain) out += c;
    else out += fmt::format("%{:02X}", byte);
  }
  return out;
}

using Pairs = std::vector<std::pair<std::string_view, std::string_view>>;

std::string form(Pairs const& pairs) {
  std::string out;
  for (auto const& [name, value] : pairs) out += fmt::format("{}{}={}", out.empty() ? "" : "&", name, percent(value));
  return out;
}

std::string with_query(std::string_view url, Pairs const& pairs) {
  return fmt::format("{}{}{}", url, url.find('?') == std::string_view::npos ? '?' : '&', form(pairs));
}

auto bad_discovery(std::string_view why) {
  return fail(Errc::invalid, "sign_on.discovery",
              {"身份提供方的说明不合要求，暂时不能用它登录。请告诉管理员。",
               "The description of the identity provider does not fit, so it cannot be used now. Tell an administrator."},
              {}, std::string(why));
}

/// What holds of both kinds of token.
core::Result<> check_common(Claims const& claims, Provider const& provider, core::Instant now) {
  if (claims.issuer != provider.issuer) return bad_token("iss");
  if (std::ranges::find(claims.audience, provider.client_id) == claims.audience.end()) return bad_token("aud");
  if (claims.audience.size() > 1 && claims.azp.empty()) return bad_token("several aud without azp");
  if (!claims.azp.empty() && claims.azp != provider.client_id) return bad_token("azp");
  if (!claims.issued_at) return bad_token("no iat");
  if (*claims.issued_at > now + provider_clock_tolerance) return bad_token("iat in the future");
  if (*claims.issued_at < now - id_token_age_max - provider_clock_tolerance) return bad_token("iat too old");
  if (claims.expires_at && *claims.expires_at <= now - provider_clock_tolerance) return bad_token("exp");
  if (claims.not_before && *claims.not_before > now + provider_clock_tolerance) return bad_token("nbf");
  return {};
}

}  // namespace

std::string discovery_url(std::string_view issuer) {
  if (issuer.ends_with('/')) issuer.remove_suffix(1);
  return std::string(issuer) + "/.well-known/openid-configuration";
}

core::Result<Discovery> read_discovery(std::string_view document, std::string_view issuer) {
  auto const said = read_object(document);
  if (!said) return bad_discovery("no JSON object");
  if (text(*said, "issuer") != issuer) return bad_discovery(fmt::format("issuer {}", text(*said, "issuer")));
  Discovery out{.authorization_endpoint = text(*said, "authorization_endpoint"),
                .token_endpoint = text(*said, "token_endpoint"),
                .jwks_uri = text(*said, "jwks_uri"),
                .end_session_endpoint = text(*said, "end_session_endpoint")};
  for (auto const* url : {&out.authorization_endpoint, &out.token_endpoint, &out.jwks_uri})
    if (!is_safe(*url)) return bad_discovery(fmt::format("endpoint \"{}\"", *url));
  if (!is_safe(out.end_session_endpoint)) out.end_session_endpoint.clear();
  if (!lists(*said, "response_types_supported", "code", false)) return bad_discovery("no code flow");
  if (!lists(*said, "code_challenge_methods_supported", "S256", true)) return bad_discovery("no S256");
  constexpr auto algorithms = "id_token_signing_alg_values_supported";
  if (!lists(*said, algorithms, "RS256", false) && !lists(*said, algorithms, "ES256", false)) return bad_discovery("neither RS256 nor ES256");
  constexpr auto ways = "token_endpoint_auth_methods_supported";
  out.secret_in_form = !lists(*said, ways, "client_secret_basic", true);
  if (out.secret_in_form && !lists(*said, ways, "client_secret_post", false)) return bad_discovery("no way to send the secret");
  out.names_itself = flag(*said, "authorization_response_iss_parameter_supported");
  return out;
}

std::string authorization_url(Discovery const& discovery, Provider const& provider, Attempt const& attempt,
                              std::string_view redirect_uri, bool again) {
  auto const digest = store::sha256(attempt.verifier);
  auto const challenge = to_base64url({reinterpret_cast<char const*>(digest.data()), digest.size()});
  auto const max_age = std::to_string(std::chrono::seconds(proof_fresh).count());
  Pairs pairs{{"response_type", "code"},    {"client_id", provider.client_id}, {"redirect_uri", redirect_uri},
              {"scope", provider.scope},    {"state", attempt.state},          {"nonce", attempt.nonce},
              {"code_challenge", challenge}, {"code_challenge_method", "S256"}};
  if (again) {
    pairs.emplace_back("prompt", "login");
    pairs.emplace_back("max_age", max_age);  // with it `auth_time` has to come back; 0 is refused by some (glewlwyd)
  }
  return with_query(discovery.authorization_endpoint, pairs);
}

std::string token_form(Discovery const& discovery, Provider const& provider, std::string_view code, std::string_view verifier,
                       std::string_view redirect_uri) {
  Pairs pairs{{"grant_type", "authorization_code"}, {"code", code}, {"redirect_uri", redirect_uri}, {"code_verifier", verifier}};
  if (discovery.secret_in_form) {
    pairs.emplace_back("client_id", provider.client_id);
    pairs.emplace_back("client_secret", provider.client_secret);
  }
  return form(pairs);
}

std::string token_authorization(Discovery const& discovery, Provider const& provider) {
  if (discovery.secret_in_form) return {};
  // RFC 6749, section 2.3.1: both are form-encoded before they become Basic. Padding is of base64, which Basic wants.
  auto out = to_base64url(percent(provider.client_id) + ":" + percent(provider.client_secret));
  std::ranges::replace(out, '-', '+');
  std::ranges::replace(out, '_', '/');
  out.append((4 - out.size() % 4) % 4, '=');
  return "Basic " + out;
}

std::string logout_url(Discovery const& discovery, Provider const& provider, std::string_view back, std::string_view id_token) {
  if (discovery.end_session_endpoint.empty()) return {};
  Pairs pairs{{"client_id", provider.client_id}, {"post_logout_redirect_uri", back}};
  if (!id_token.empty()) pairs.emplace_back("id_token_hint", id_token);
  return with_query(discovery.end_session_endpoint, pairs);
}

core::Result<Claims> read_claims(std::string_view document, std::string_view login_claim) {
  auto const said = read_object(document);
  if (!said) return bad_token("payload is no JSON object");
  Claims out{.issuer = text(*said, "iss"), .subject = text(*said, "sub"), .nonce = text(*said, "nonce"), .azp = text(*said, "azp"),
             .session = text(*said, "sid"), .id = text(*said, "jti"), .login = {}, .audience = {}, .issued_at = time(*said, "iat"),
             .expires_at = time(*said, "exp"), .not_before = time(*said, "nbf"), .auth_time = time(*said, "auth_time")};
  if (!login_claim.empty()) out.login = text(*said, login_claim);
  if (auto const* audience = said->if_contains("aud")) {
    if (audience->is_string()) out.audience.emplace_back(audience->as_string());
    if (audience->is_array())
      for (auto const& one : audience->as_array())
        if (one.is_string()) out.audience.emplace_back(one.as_string());
  }
  auto const* events = said->if_contains("events");
  out.ends_sessions = events && events->is_object() && events->as_object().contains(logout_event);
  return out;
}

core::Result<> check_id_token(Claims const& claims, Provider const& provider, std::string_view nonce, core::Instant now) {
  ZHILI_CHECK(check_common(claims, provider, now));
  if (!claims.expires_at) return bad_token("no exp");
  if (claims.nonce.empty() || claims.nonce != nonce) return bad_token("nonce");
  if (claims.subject.empty() || claims.subject.size() > subject_bytes_max) return bad_token("sub");
  return {};
}

core::Result<> check_logout_token(Claims const& claims, Provider const& provider, core::Instant now) {
  ZHILI_CHECK(check_common(claims, provider, now));
  if (!claims.ends_sessions) return bad_token("no logout event");
  if (!claims.nonce.empty()) return bad_token("nonce in a logout token");  // else an ID token would do
  if (claims.id.empty()) return bad_token("no jti");
  if (claims.subject.empty() && claims.session.empty()) return bad_token("neither sub nor sid");
  return {};
}

core::Result<std::string> read_token_answer(std::string_view document) {
  auto const said = read_object(document);
  auto out = said ? text(*said, "id_token") : std::string();
  if (out.empty()) return bad_token("no id_token in the answer");
  return out;
}

}  // namespace zhili::organise
