// What must hold of a provider's description and of its tokens.

#include "organise/sign_on/oidc.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <boost/json.hpp>

namespace zhili::organise {
namespace {

using testing::HasSubstr;
using testing::Not;
namespace json = boost::json;
using std::chrono::seconds;

core::Instant const now = core::from_ms(1'763'712'000'000);
Provider const city_id{.code = "city", .name = {"市认证", "City ID"}, .issuer = "https://id.example.org", .client_id = "zhili", .client_secret = "s&cret"};

json::object description() {
  return {{"issuer", city_id.issuer},
          {"authorization_endpoint", "https://id.example.org/auth?theme=plain"},
          {"token_endpoint", "https://id.example.org/token"},
          {"jwks_uri", "https://id.example.org/jwks"},
          {"end_session_endpoint", "https://id.example.org/logout"},
          {"response_types_supported", {"code", "id_token"}},
          {"id_token_signing_alg_values_supported", {"HS256", "ES256"}},
          {"code_challenge_methods_supported", {"plain", "S256"}}};
}
core::Result<Discovery> read(json::object const& said) { return read_discovery(json::serialize(said), city_id.issuer); }

TEST(Discovery, IsTakenWhenItFits) {
  auto const out = read(description());
  ASSERT_TRUE(out) << out.error().detail;
  EXPECT_EQ(out->token_endpoint, "https://id.example.org/token");
  EXPECT_FALSE(out->secret_in_form);
  EXPECT_FALSE(out->names_itself);
  EXPECT_EQ(discovery_url("https://id.example.org/realm/"), "https://id.example.org/realm/.well-known/openid-configuration");
}

TEST(Discovery, OfALiarIsRefused) {
  auto const with = [](std::string_view name, json::value value) {
    auto out = description();
    out[name] = std::move(value);
    return read(out);
  };
  EXPECT_THAT(with("issuer", "https://id.example.com").error().detail, HasSubstr("issuer"));
  EXPECT_THAT(with("issuer", "https://id.example.org/").error().detail, HasSubstr("issuer")) << "exactly";
  for (auto const* endpoint : {"authorization_endpoint", "token_endpoint", "jwks_uri"})
    for (auto const* url : {"http://id.example.org/x", "", "ftp://id.example.org", "http://localhost.example.org/x", "javascript:1"})
      EXPECT_EQ(with(endpoint, url).error().key, "sign_on.discovery") << endpoint << url;
  EXPECT_FALSE(with("response_types_supported", json::array{"id_token"}));
  EXPECT_FALSE(with("id_token_signing_alg_values_supported", {"HS256", "none"}));
  EXPECT_FALSE(with("code_challenge_methods_supported", json::array{"plain"}));
  EXPECT_FALSE(with("token_endpoint_auth_methods_supported", json::array{"private_key_jwt"}));
  EXPECT_TRUE(with("jwks_uri", "http://127.0.0.1:8080/jwks")) << "on this machine";
  EXPECT_EQ(with("end_session_endpoint", "javascript:1")->end_session_endpoint, "") << "no reason not to sign in";
  for (auto const* text : {"", "[]", "{", "null"}) EXPECT_FALSE(read_discovery(text, city_id.issuer));
}

TEST(Authorization, CarriesStateNonceAndTheHashOfTheVerifier) {
  // The pair of RFC 7636, appendix B.
  Attempt const attempt{"st", "no", "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk"};
  auto const url = authorization_url(*read(description()), city_id, attempt, "https://city.example.org/sign-on", false);
  EXPECT_THAT(url, HasSubstr("https://id.example.org/auth?theme=plain&response_type=code&client_id=zhili&redirect_uri=https%3A%2F%2Fcity.example.org%2Fsign-on"));
  EXPECT_THAT(url, HasSubstr("&state=st&nonce=no&code_challenge=E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM&code_challenge_method=S256"));
  EXPECT_THAT(url, Not(HasSubstr("prompt")));
  EXPECT_THAT(url, Not(HasSubstr(attempt.verifier)));
  EXPECT_THAT(authorization_url(*read(description()), city_id, attempt, "https://city.example.org/sign-on", true), HasSubstr("&prompt=login&max_age=900"));
}

TEST(TokenRequest, SendsTheSecretAsTheProviderWantsIt) {
  auto said = description();
  auto const basic = *read(said);
  EXPECT_EQ(token_authorization(basic, city_id), "Basic emhpbGk6cyUyNmNyZXQ=");
  EXPECT_EQ(token_form(basic, city_id, "a b", "v", "https://c/"), "grant_type=authorization_code&code=a%20b&redirect_uri=https%3A%2F%2Fc%2F&code_verifier=v");
  said["token_endpoint_auth_methods_supported"] = json::array{"client_secret_post"};
  auto const form = *read(said);
  EXPECT_EQ(token_authorization(form, city_id), "");
  EXPECT_THAT(token_form(form, city_id, "c", "v", "r"), HasSubstr("&client_id=zhili&client_secret=s%26cret"));
}

json::object id_token() {
  auto const second = core::to_ms(now) / 1000;
  return {{"iss", city_id.issuer}, {"aud", "zhili"}, {"sub", "a-17"}, {"nonce", "n"}, {"iat", second}, {"exp", second + 300}, {"preferred_username", "ann"}};
}
core::Result<> check(json::object const& said, core::Instant at = now) {
  auto const claims = read_claims(json::serialize(said), "preferred_username");
  if (!claims) return core::fail(claims.error());
  return check_id_token(*claims, city_id, "n", at);
}
core::Result<> check_with(std::string_view name, json::value value) {
  auto out = id_token();
  out[name] = std::move(value);
  return check(out);
}
std::string why(core::Result<> const& checked) { return checked ? "" : checked.error().detail; }

TEST(IdToken, IsTakenWhenItFits) {
  EXPECT_TRUE(check(id_token()));
  EXPECT_EQ(read_claims(json::serialize(id_token()), "preferred_username")->login, "ann");
  EXPECT_EQ(read_claims(json::serialize(id_token()), "")->login, "");
  EXPECT_TRUE(check_with("aud", json::array{"zhili"}));
}

TEST(IdToken, ForSomebodyElseOrOfSomebodyElseIsRefused) {
  EXPECT_EQ(why(check_with("iss", "https://id.example.com")), "iss");
  EXPECT_EQ(why(check_with("iss", nullptr)), "iss");
  EXPECT_EQ(why(check_with("aud", "another")), "aud");
  EXPECT_EQ(why(check_with("aud", json::array{})), "aud");
  EXPECT_EQ(why(check_with("aud", json::array{"zhili", "another"})), "several aud without azp");
  EXPECT_EQ(why(check_with("azp", "another")), "azp");
  auto both = id_token();
  both["aud"] = json::array{"zhili", "another"};
  both["azp"] = "zhili";
  EXPECT_TRUE(check(both));
  EXPECT_EQ(why(check_with("nonce", "of another sign-in")), "nonce");
  EXPECT_EQ(why(check_with("nonce", nullptr)), "nonce");
  EXPECT_EQ(why(check_with("sub", "")), "sub");
  EXPECT_EQ(why(check_with("sub", json::string(subject_bytes_max + 1, 'x'))), "sub");
  EXPECT_EQ(why(check_with("sub", 17)), "sub");
}

TEST(IdToken, HasItsTimeToTheSecond) {
  auto const expires = now + seconds(300) + provider_clock_tolerance;
  EXPECT_TRUE(check(id_token(), expires - seconds(1)));
  EXPECT_EQ(why(check(id_token(), expires)), "exp");
  EXPECT_TRUE(check(id_token(), now - provider_clock_tolerance)) << "its clock may be ahead of ours";
  EXPECT_EQ(why(check(id_token(), now - provider_clock_tolerance - seconds(1))), "iat in the future");
  EXPECT_EQ(why(check_with("exp", nullptr)), "no exp");
  EXPECT_EQ(why(check_with("iat", "yesterday")), "no iat");
  EXPECT_EQ(why(check_with("exp", 1e300)), "no exp");
  EXPECT_EQ(why(check_with("nbf", core::to_ms(now) / 1000 + 100)), "nbf");
  auto old = id_token();
  old["exp"] = core::to_ms(now) / 1000 + 86'400;
  EXPECT_EQ(why(check(old, now + id_token_age_max + provider_clock_tolerance + seconds(1))), "iat too old");
}

json::object logout_token() {
  auto out = id_token();
  out.erase("nonce");
  out["jti"] = "once";
  out["sid"] = "s1";
  out["events"] = json::object{{"http://schemas.openid.net/event/backchannel-logout", json::object{}}};
  return out;
}
std::string why_logout(json::object const& said) {
  return why(check_logout_token(*read_claims(json::serialize(said), ""), city_id, now));
}

TEST(LogoutToken, IsNoIdTokenAndAnIdTokenIsNone) {
  EXPECT_EQ(why_logout(logout_token()), "");
  EXPECT_EQ(why_logout(id_token()), "no logout event");
  EXPECT_EQ(why(check(logout_token())), "nonce");
  auto with_nonce = logout_token();
  with_nonce["nonce"] = "n";
  EXPECT_EQ(why_logout(with_nonce), "nonce in a logout token");
  auto nameless = logout_token();
  nameless.erase("jti");
  EXPECT_EQ(why_logout(nameless), "no jti");
  auto nobody = logout_token();
  nobody.erase("sid");
  EXPECT_EQ(why_logout(nobody), "");
  nobody.erase("sub");
  EXPECT_EQ(why_logout(nobody), "neither sub nor sid");
}

}  // namespace
}  // namespace zhili::organise
